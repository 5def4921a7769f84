-- The cells of evaluations: their place in the sweep and their cost. What isn't known is null.

create table sweep_points (
    job_id          text not null references jobs (id) on delete cascade,
    cell            text not null,
    steps           integer,
    preset          text,
    length_source   text,
    temperature     real,
    sampler         text,                       -- all settings, one JSON object
    items           integer,
    forward_passes  integer,
    tokens          integer,
    seconds         real,
    latency_median  real,                       -- seconds of an item
    latency_p95     real,
    flops           real,
    peak_memory     integer,                    -- bytes
    price_per_thousand_items real,
    currency        text,
    primary key (job_id, cell)
);

-- Quality against denoising steps, with what the quality hangs on beside it.
drop view v_sweep_quality;

create view v_sweep_quality as
select j.name as job,
       j.output as report,
       m.cell,
       coalesce(p.steps, case when m.cell like 'steps=%' then cast(substr(m.cell, 7) as integer) end) as steps,
       m.name as metric,
       m.score,
       m.low,
       m.high,
       m.signature,
       j.finished_at,
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
       j.finished_at
from sweep_points p
join jobs j on j.id = p.job_id
where j.state in ('completed', 'completedWithErrors') and p.items is not null;
