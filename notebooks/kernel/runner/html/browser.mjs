// Runs in the report's page: colours of code, formulas as KaTeX draws them, the search, and interactive figures, each of which takes its picture's place once it comes near the window.
{
  const unpacked = id => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), c => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
  };
  const store = 'DecompressionStream' in window ? unpacked('store-gzip').json() : undefined;

  const tokens = new RegExp(JSON.parse(document.getElementById('tokens').textContent), 'gu');
  const colour = code => {
    const source = code.textContent;
    const parts = [];
    let end = 0;
    for (const { 0: text, index, groups } of source.matchAll(tokens)) {
      const kind = Object.keys(groups).find(each => groups[each] !== undefined);
      if (kind === 'name') continue;
      const token = document.createElement('span');
      token.className = `t-${kind}`;
      token.textContent = text;
      parts.push(source.slice(end, index), token);
      end = index + text.length;
    }
    code.replaceChildren(...parts, source.slice(end));
  };
  for (const code of document.querySelectorAll('pre > code')) colour(code);

  /** Where a formula is drawn, its MathML is for those who listen. */
  store?.then(texts => {
    for (const formula of document.querySelectorAll('[data-drawn]')) {
      formula.insertAdjacentHTML('beforeend', texts[formula.dataset.drawn]);
      delete formula.dataset.drawn;
    }
    // Formulas have moved what the address leads to.
    if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  });

  const loadPlotly = async () => {
    const source = await unpacked('plotly-gzip').blob();
    const script = document.createElement('script');
    script.src = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    await new Promise((resolve, reject) => {
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return window.Plotly;
  };

  const draw = async (plotly, figure) => {
    const { data, layout, frames } = JSON.parse((await store)[figure.dataset.figure]);
    const place = document.createElement('div');
    place.hidden = true;
    figure.append(place);
    const config = { displaylogo: false, modeBarButtonsToRemove: ['lasso2d', 'select2d'] };
    place.hidden = false;
    place.style.cssText = 'position: absolute; visibility: hidden';
    await plotly.newPlot(place, data, layout, config);
    if (frames) await plotly.addFrames(place, frames);
    place.style.cssText = '';
    figure.querySelector('img')?.remove();
  };

  const figures = [...document.querySelectorAll('figure.plot')];
  if (figures.length > 0 && store) {
    let plotly;
    const observer = new IntersectionObserver(
      entries => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          observer.unobserve(target);
          plotly ??= loadPlotly();
          // A figure that fails keeps its picture.
          plotly.then(loaded => draw(loaded, target)).catch(error => console.error(error));
        }
      },
      { rootMargin: '600px' },
    );
    for (const figure of figures) observer.observe(figure);
  }

  const search = document.getElementById('search');
  const found = document.getElementById('found');
  const cells = [...document.querySelectorAll('article > section')];
  /** Only cells with all the words are shown. */
  const look = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hit = cell => words.every(word => cell.textContent.toLowerCase().includes(word));
    for (const cell of cells) cell.hidden = words.length > 0 && !hit(cell);
    for (const article of document.querySelectorAll('article')) {
      article.hidden = [...article.querySelectorAll(':scope > section')].every(cell => cell.hidden);
    }
    found.textContent =
      words.length === 0 ? '' : `${cells.filter(cell => !cell.hidden).length} of ${cells.length} cells`;
  };
  const clear = () => {
    search.value = '';
    look();
  };
  search.hidden = false;
  search.addEventListener('input', look);
  document.addEventListener('keydown', event => {
    const writes = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === '/' && !writes) {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'Escape' && event.target === search) clear();
  });
  // A link leads to a cell that the search may have hidden.
  document.addEventListener('click', event => {
    if (event.target.closest?.('a[href^="#"]')) clear();
  });
}
