// Puts what the page is served with into Gradio's description of it, before Gradio reads that. The
// address names the document from then on: events of the page carry it.
(({ doc, props }) => {
  for (const part of window.gradio_config?.components || []) Object.assign(part.props, props[part.id]);
  const named = new URLSearchParams(location.search).get('doc');
  if (named !== doc) history.replaceState(null, '', `?doc=${doc}`);
})
