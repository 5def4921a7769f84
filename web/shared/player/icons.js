const shapes = {
  first: 'M5 4v12M16 4.5v11L8 10z',
  back: 'M14 4.5v11L6 10z',
  on: 'M6 4.5v11l8-5.5z',
  last: 'M15 4v12M4 4.5v11l8-5.5z',
};

/** A drawing for a button, in the text's colour. */
export function icon(shape) {
  const space = 'http://www.w3.org/2000/svg', svg = document.createElementNS(space, 'svg'), path = document.createElementNS(space, 'path');
  for (const [name, value] of Object.entries({ viewBox: '0 0 20 20', width: 20, height: 20, 'aria-hidden': 'true', class: 'icon' })) svg.setAttribute(name, value);
  path.setAttribute('d', shapes[shape]);
  svg.append(path);
  return svg;
}
