-- What is kept of schedules, webhooks, keys, files and batches to make the index of it again; whose each row of a view is.

-- @include shared/records.sql

-- @include shared/tenant_views.sql

drop view v_sweep_quality;

-- Quality against denoising steps, with what the quality hangs on beside it: a row a cell and metric of a finished evaluation.
create view v_sweep_quality as
select j.name as job,
       j.output as report,
       m.cell,
       coalesce(p.steps, cast(substring(m.cell from '^steps=([0-9]+)') as bigint)) as steps,
       m.name as metric,
       m.score,
       m.low,
       m.high,
       m.signature,
       j.finished_at::timestamptz as finished_at,
       p.preset,
       p.length_source,
       p.temperature,
       p.latency_median,
       p.latency_p95,
       1.0 * p.forward_passes / nullif(p.items, 0) as forward_passes_per_item,
       j.tenant
from metrics m
join jobs j on j.id = m.job_id
left join sweep_points p on p.job_id = m.job_id and p.cell = m.cell
where j.kind = 'evaluate' and j.state in ('completed', 'completedWithErrors');

drop view v_item_errors;

-- Items with errors, by code.
create view v_item_errors as
select j.name as job,
       j.id as job_id,
       e.key as code,
       cast(sum(e.value::bigint) as bigint) as items,
       j.tenant
from tasks t
join jobs j on j.id = t.job_id
cross join lateral json_each_text(t.errors::json) e
where t.parent is null and t.errors is not null
group by j.name, j.id, j.tenant, e.key;
