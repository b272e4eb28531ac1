# Everything is in tools/setup.py, which Windows (run.bat) calls too. ARGS goes to the job:
# make run ARGS="--port 7861"; make test ARGS="tests/test_split.py -k title"
PYTHON ?= python3
ARGS ?=

JOBS = run test lint bench bench-quality bench-faithful bench-blind prepare lock supply bundle
.PHONY: $(JOBS)
$(JOBS):
	@$(PYTHON) tools/setup.py $@ $(ARGS)
