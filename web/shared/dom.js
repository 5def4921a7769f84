/**
 * An element with attributes and children: element('p', { class: 'note' }, 'text'). Attributes and children that are null are
 * left out; a style is set as the document's own script may where its policy forbids style attributes.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'style') made.style.cssText = value;
    else if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

/** A labelled control: the label's text stands before what it labels. */
export const labelled = (text, control) => element('label', {}, element('span', {}, text), control);

/** A select of [value, text] pairs. */
export function choice(options, onchange) {
  const select = element('select', { onchange: () => onchange(select.value) });
  for (const [value, text] of options) select.append(element('option', { value }, text));
  return select;
}
