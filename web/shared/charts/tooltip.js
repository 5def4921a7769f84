import { element } from '../dom.js';

const reach = 36;

/** Shows what a point is while the pointer is near it. Touch: a tap. */
export function tooltip(plot, points, textOf) {
  const box = element('div', { class: 'tooltip', hidden: true });
  plot.over.append(box);
  const show = event => {
    const frame = plot.over.getBoundingClientRect(), x = event.clientX - frame.left, y = event.clientY - frame.top;
    let nearest = null, least = reach;
    for (const point of points) {
      const distance = Math.hypot(plot.valToPos(point.x, 'x') - x, plot.valToPos(point.y, 'y') - y);
      if (distance < least) [nearest, least] = [point, distance];
    }
    box.hidden = nearest === null;
    if (nearest === null) return;
    box.textContent = textOf(nearest);
    const left = plot.valToPos(nearest.x, 'x'), top = plot.valToPos(nearest.y, 'y');
    box.style.left = `${Math.max(0, Math.min(left + 12, frame.width - box.offsetWidth))}px`;
    box.style.top = `${top > box.offsetHeight + 14 ? top - box.offsetHeight - 12 : top + 14}px`;
  };
  plot.over.addEventListener('pointermove', show);
  plot.over.addEventListener('pointerdown', show);
  plot.over.addEventListener('pointerleave', () => { box.hidden = true; });
}
