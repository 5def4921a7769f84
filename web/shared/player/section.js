import { choice, element, labelled } from '../dom.js';
import { chips, legend } from './chips.js';
import { Clock } from './clock.js';
import { icon } from './icons.js';
import { describe, framesOf, scoreOf } from './frames.js';

const total = 6_000; // milliseconds that a whole trace takes at normal speed, within limits a step
const within = (value, low, high) => Math.min(high, Math.max(low, value));

/**
 * The player of the denoising process in a section's element .app: tokens appear, change and are masked again step by step.
 * cellList: [{ cell, steps }]; traces: [{ id, cell, candidate, steps }], the cell by its place; tokens: their texts by id; when
 * the signal, if any, is aborted, the section has been removed.
 */
export function startPlayer(section, cellList, { traces, tokens }, signal) {
  const host = section.querySelector('.app'), clock = new Clock();
  const ids = [...new Set(traces.map(t => t.id))], textOf = id => tokens[id] ?? `#${id}`;
  const state = { id: ids[0], cell: Math.max(...traces.map(t => t.cell)), frames: [], step: 0, speed: 1 };

  const idChoice = choice(ids.map(id => [id, id]), id => { state.id = id; pickCell(state.cell); });
  const cellChoice = choice([], cell => { pickCell(Number(cell)); });
  const candidateChoice = choice([], index => { pickTrace(candidates()[index]); });
  const candidateLabel = labelled('candidate', candidateChoice);
  const slider = element('input', { type: 'range', min: 0, step: 1, 'aria-label': 'Step', oninput: () => { pause(); go(Number(slider.value)); } });
  const play = element('button', { type: 'button', class: 'play', onclick: () => { if (clock.running) pause(); else start(); } }, 'Play');
  const button = (shape, name, by) => element('button', { type: 'button', 'aria-label': name, title: name, onclick: () => { pause(); go(state.step + by()); } }, icon(shape));
  const status = element('p', { class: 'note', role: 'status' });
  const canvas = element('div', { class: 'tokens', dir: 'auto' });
  const history = element('details', {}, element('summary', {}, 'All steps, one a line'));
  history.addEventListener('toggle', drawHistory);
  const stage = element('div', { class: 'stage', role: 'group', tabindex: 0, 'aria-label': 'Denoising player. Space plays and pauses, arrow keys step, Home and End go to the ends.', onkeydown: keys },
    canvas,
    element('div', { class: 'transport' },
      button('first', 'To the start', () => -state.step), button('back', 'One step back', () => -1), play, button('on', 'One step on', () => 1), button('last', 'To the end', () => state.frames.length),
      slider));
  host.append(
    element('div', { class: 'controls' }, labelled('item', idChoice), labelled('cell', cellChoice), candidateLabel,
      labelled('speed', (() => { const select = choice([['0.5', '½ ×'], ['1', '1 ×'], ['2', '2 ×'], ['4', '4 ×']], speed => { state.speed = Number(speed); }); select.value = '1'; return select; })())),
    stage, status, legend(), history);

  const candidates = () => traces.filter(t => t.id === state.id && t.cell === state.cell);

  function pickCell(wanted) {
    const cells = [...new Set(traces.filter(t => t.id === state.id).map(t => t.cell))];
    state.cell = cells.includes(wanted) ? wanted : cells[0];
    idChoice.value = state.id;
    cellChoice.replaceChildren(...cells.map(cell => element('option', { value: cell }, cellList[cell].cell)));
    cellChoice.value = String(state.cell);
    const own = candidates(), best = own.reduce((best, trace, i) => scoreOf(trace) > scoreOf(own[best]) ? i : best, 0);
    candidateLabel.hidden = own.length < 2;
    candidateChoice.replaceChildren(...own.map((trace, i) => element('option', { value: i }, `${trace.candidate}${i === best ? ' (chosen)' : ''}`)));
    candidateChoice.value = String(best);
    pickTrace(own[best]);
  }

  function pickTrace(trace) {
    pause();
    state.frames = framesOf(trace, cellList[trace.cell].steps);
    slider.max = state.frames.length - 1;
    drawHistory();
    go(0);
  }

  function go(step) {
    state.step = within(step, 0, state.frames.length - 1);
    slider.value = state.step;
    slider.setAttribute('aria-valuetext', `step ${state.step} of ${state.frames.length - 1}`);
    canvas.replaceChildren(...chips(state.frames[state.step], textOf));
    status.textContent = `Step ${state.step} of ${state.frames.length - 1}: ${state.step === 0 ? `${state.frames[0].length} masks` : describe(state.frames[state.step])}.`;
  }

  function start() {
    if (state.step === state.frames.length - 1) go(0);
    play.textContent = 'Pause';
    status.setAttribute('aria-live', 'off'); // a reader of the screen need not hear every step
    clock.start(() => within(total / state.frames.length, 80, 900) / state.speed, () => {
      go(state.step + 1);
      if (state.step < state.frames.length - 1) return true;
      pause();
      return false;
    });
  }

  function pause() {
    clock.stop();
    play.textContent = 'Play';
    status.removeAttribute('aria-live');
  }

  function keys(event) {
    if (event.target !== stage || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowRight: state.step + 1, ArrowLeft: state.step - 1, Home: 0, End: state.frames.length - 1 }[event.key];
    if (event.key === ' ') { if (clock.running) pause(); else start(); }
    else if (to !== undefined) { pause(); go(to); }
    else return;
    event.preventDefault();
  }

  function drawHistory() {
    history.querySelector('ol')?.remove();
    if (!history.open) return;
    const rows = state.frames.map((frame, step) => ({ frame, step })).filter(({ frame, step }) => step === 0 || frame.some(slot => slot.state !== 'kept'));
    history.append(element('ol', { class: 'history' }, ...rows.map(({ frame, step }) => element('li', { value: step }, element('div', { class: 'tokens', dir: 'auto' }, ...chips(frame, textOf))))));
  }

  pickCell(state.cell);
  addEventListener('beforeprint', () => { pause(); go(state.frames.length - 1); }, { signal });
  signal?.addEventListener('abort', pause);
  return {
    has: id => ids.includes(id),
    /** Plays an item in the first of these cells that has a trace of it. */
    open(id, cells) {
      state.id = id;
      pickCell(cells.findLast(cell => traces.some(t => t.id === id && t.cell === cell)) ?? state.cell);
      section.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
      stage.focus({ preventScroll: true });
      start();
    },
  };
}
