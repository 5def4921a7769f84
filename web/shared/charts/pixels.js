// Canvas pixels of a chart's pixel: enough to be sharp on paper. uPlot reads it (build/web-page.mjs), so it is set before uPlot is loaded.
globalThis.chartPixelRatio = Math.max(2, window.devicePixelRatio);
