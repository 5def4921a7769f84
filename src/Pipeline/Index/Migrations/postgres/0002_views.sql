-- Views for dashboards. Times are timestamptz.

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
       1.0 * p.forward_passes / nullif(p.items, 0) as forward_passes_per_item
from metrics m
join jobs j on j.id = m.job_id
left join sweep_points p on p.job_id = m.job_id and p.cell = m.cell
where j.kind = 'evaluate' and j.state in ('completed', 'completedWithErrors');

-- What each cell of a finished evaluation cost.
create view v_cost as
select j.name as job,
       j.output as report,
       p.cell,
       p.steps,
       p.preset,
       p.length_source,
       p.temperature,
       p.items,
       p.forward_passes,
       1.0 * p.forward_passes / nullif(p.items, 0) as forward_passes_per_item,
       p.tokens,
       p.seconds,
       p.seconds / nullif(p.items, 0) as seconds_per_item,
       p.tokens / nullif(p.seconds, 0) as tokens_per_second,
       p.latency_median,
       p.latency_p95,
       p.flops,
       p.flops / nullif(p.items, 0) as flops_per_item,
       p.peak_memory,
       p.price_per_thousand_items,
       p.currency,
       j.finished_at::timestamptz as finished_at
from sweep_points p
join jobs j on j.id = p.job_id
where j.state in ('completed', 'completedWithErrors') and p.items is not null;

-- @include shared/views.sql

-- Items with errors, by code.
create view v_item_errors as
select j.name as job,
       j.id as job_id,
       e.key as code,
       cast(sum(e.value::bigint) as bigint) as items
from tasks t
join jobs j on j.id = t.job_id
cross join lateral json_each_text(t.errors::json) e
where t.parent is null and t.errors is not null
group by j.name, j.id, e.key;
