// The dashboard: one page; which view it shows stands behind the # of its address.
import '../shared/charts/pixels.js';
import { askBy, forgetKey, key } from './api/client.js';
import { keyDialog } from './parts/dialogs.js';
import { startRouter } from './router.js';
import { jobPage } from './job/page.js';
import { jobList } from './jobs/page.js';
import { poisonList } from './poison/page.js';
import { qualityList } from './quality/list.js';
import { overTime } from './quality/overTime.js';
import { evaluationPage } from './results/evaluation.js';
import { samplePage } from './results/sample.js';
import { submitPage } from './submit/page.js';

const forget = document.getElementById('forget'), show = () => { forget.hidden = key() === null; };
askBy(async wasWrong => {
  const given = await keyDialog(wasWrong);
  forget.hidden = false;
  return given;
});
forget.addEventListener('click', () => { forgetKey(); location.reload(); });
show();

startRouter(document.getElementById('content'), [
  ['/jobs', jobList],
  ['/jobs/:id', jobPage],
  ['/jobs/:id/quality', evaluationPage],
  ['/jobs/:id/items', samplePage],
  ['/quality', qualityList],
  ['/quality/:by/:name', overTime],
  ['/poison', poisonList],
  ['/submit', submitPage],
]);
