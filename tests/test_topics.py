"""The topic table as the library uses it: what a whole section speaks of."""

import pytest

from drafter.topics import load_topics, topic_weights


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("坚持常学常新，推动理论学习入脑入心", "政治理论"),
        ("扩大组织覆盖，在新就业群体中组建联合支部", "组织建设"),
        ("严查违规吃喝，处分若干人，营造良好政治生态", "廉政作风"),
        ("学习运用“千万工程”经验，带领村民发展养殖，建设和美乡村", "乡村振兴"),
        ("以师带徒、传帮带培养青年干部，形成合理梯队", "干部人才"),
        ("业委会、驻区单位参与，形成共建共治局面", "基层治理"),
        ("上门帮办，解决群众就医看病的烦心事", "服务群众"),
    ],
)
def test_a_text_speaks_most_of_its_own_topic(text: str, topic: str) -> None:
    weights = topic_weights(text)
    assert max(weights, key=lambda name: weights[name]) == topic


def test_only_topics_of_the_table_and_only_those_met() -> None:
    assert topic_weights("") == {} == topic_weights("天气晴朗")
    weights = topic_weights("理论学习" * 50)
    assert set(weights) <= {topic.name for topic in load_topics().topics}
    assert all(weight > 0 for weight in weights.values())


def test_a_word_repeated_does_not_outweigh_several_words() -> None:
    repeated = topic_weights("走访" * 5)["服务群众"]
    several = topic_weights("走访、慰问、志愿服务、微心愿")["服务群众"]
    assert several > repeated


def test_no_word_is_listed_twice_for_a_topic() -> None:
    for topic in load_topics().topics:
        words = [word for word, _ in topic.keywords]
        assert len(words) == len(set(words)), topic.name
