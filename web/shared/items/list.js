import { element } from '../dom.js';

const size = 40; // items of a group
const margin = '800px';

/**
 * A list that can be long: items are in groups, and only groups near the view are in the document; the others are empty
 * boxes of the height that they had, or are likely to have.
 */
export function virtualList(region, render) {
  let observer = null, likely = 140;

  /** Shows so many items, from the top. */
  return function show(count) {
    observer?.disconnect();
    region.scrollTop = 0;
    const groups = Array.from({ length: Math.ceil(count / size) }, (_, g) => element('div', { class: 'group', 'data-group': g, style: `height:${likely * Math.min(size, count - g * size)}px` }));
    observer = new IntersectionObserver(entries => {
      for (const entry of entries) (entry.isIntersecting ? fill : empty)(entry.target);
    }, { root: region, rootMargin: margin });
    region.replaceChildren(...groups);
    if (groups.length > 0) fill(groups[0]); // at once, not after the observer's first look
    for (const group of groups) observer.observe(group);

    function fill(group) {
      if (group.firstChild) return;
      const first = group.dataset.group * size, last = Math.min(first + size, count);
      for (let i = first; i < last; i++) group.append(render(i));
      group.style.height = '';
      if (last - first === size) likely = group.offsetHeight / size;
    }

    function empty(group) {
      if (!group.firstChild) return;
      group.style.height = `${group.offsetHeight}px`;
      group.replaceChildren();
    }
  };
}
