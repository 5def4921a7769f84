import { element } from '../../shared/dom.js';
import { send } from '../api/client.js';
import { confirmed } from '../parts/dialogs.js';
import { announce } from '../parts/notices.js';
import { hasEnded } from '../parts/state.js';

/**
 * What can be done about a job: cancel, try again, submit anew. jobNow() is the job as it stands; changed() is called after
 * something was done; show() offers what the job's state allows.
 */
export function actions(jobNow, changed) {
  const cancel = element('button', { type: 'button', class: 'danger' }, 'Cancel'), retry = element('button', { type: 'button' }, 'Try again');
  cancel.addEventListener('click', async () => {
    const job = jobNow();
    if (hasEnded(job)) announce(`${job.name} has ended already.`);
    else if (await confirmed(`Cancel ${job.name}?`, 'What is finished of it stays; the rest is not done.', 'Cancel the job')) await act(`/jobs/${job.id}`, 'DELETE', 'It is being cancelled.');
  });
  retry.addEventListener('click', () => act(`/jobs/${jobNow().id}/retry`, 'POST', 'It is tried again.'));

  async function act(path, method, done) {
    try {
      await send(path, { method });
      announce(done);
    } catch (error) {
      announce(error.message);
    }
    await changed();
  }

  function show() {
    const job = jobNow();
    cancel.hidden = hasEnded(job);
    retry.hidden = job.state !== 'failed' || job.kind === 'pipeline' || job.problems !== undefined; // the same input has the same problems
  }

  show();
  const root = element('div', { class: 'actions' }, cancel, retry, element('a', { class: 'button', href: `#/submit?from=${jobNow().id}` }, 'Submit anew…'));
  return { root, show };
}
