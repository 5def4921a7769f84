/**
 * A trace as one frame a step, from step 0, where all slots are masks. A frame is a list of slots { id, p, step, state }:
 * id null for a mask, p the probability when it was written, state 'kept', 'new' (was a mask), 'changed' (was another
 * token) or 'masked' (has become a mask again; was tells the token).
 */
export function framesOf(trace, steps) {
  const slots = slotsOf(trace), byStep = new Map(trace.steps.map(s => [s.step, s]));
  const frames = [Array.from({ length: slots }, () => ({ id: null, p: null, step: 0, state: 'kept' }))];
  const last = Math.max(steps ?? 0, ...byStep.keys());
  for (let step = 1; step <= last; step++) {
    const frame = frames.at(-1).map(slot => slot.state === 'kept' ? slot : { id: slot.id, p: slot.p, step: slot.step, state: 'kept' });
    const change = byStep.get(step);
    for (const position of change?.mask ?? []) frame[position] = { id: null, p: null, step, state: 'masked', was: frame[position].id };
    for (const [position, id, logProbability] of change?.write ?? []) {
      const before = frame[position];
      frame[position] = { id, p: Math.exp(logProbability), step, state: before.id === null ? 'new' : before.id === id ? 'kept' : 'changed', was: before.id };
    }
    frames.push(frame);
  }
  return frames;
}

const slotsOf = trace => 1 + Math.max(-1, ...trace.steps.flatMap(s => [...s.write.map(w => w[0]), ...s.mask]));

/** The mean log-probability of the tokens as they were last written: of several candidates the highest has won. */
export function scoreOf(trace) {
  const last = new Map();
  for (const { write } of trace.steps) for (const [position, , logProbability] of write) last.set(position, logProbability);
  return [...last.values()].reduce((sum, value) => sum + value, 0) / Math.max(1, last.size);
}

/** What a step did, in words. */
export function describe(frame) {
  const of = state => frame.filter(slot => slot.state === state).length;
  const masks = frame.filter(slot => slot.id === null).length;
  const did = [[of('new'), 'written'], [of('changed'), 'changed'], [of('masked'), 'masked again']].filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return `${did.length > 0 ? did.join(', ') : 'nothing changed'}; ${masks === 1 ? '1 mask' : `${masks} masks`} left`;
}
