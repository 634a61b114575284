// Runs in the report's page: replaces each picture by the interactive figure once it comes near the window.
{
  const unpack = async () => {
    const packed = document.getElementById('plotly-gzip').textContent;
    const bytes = Uint8Array.from(atob(packed), c => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    const source = await new Response(stream).blob();
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
    const { data, layout, frames } = JSON.parse(figure.querySelector('script').textContent);
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
  if (figures.length > 0 && 'DecompressionStream' in window) {
    let plotly;
    const observer = new IntersectionObserver(
      entries => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          observer.unobserve(target);
          plotly ??= unpack();
          // A figure that fails keeps its picture.
          plotly.then(loaded => draw(loaded, target)).catch(error => console.error(error));
        }
      },
      { rootMargin: '600px' },
    );
    for (const figure of figures) observer.observe(figure);
  }
}
