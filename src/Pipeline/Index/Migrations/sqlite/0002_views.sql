-- Quality against denoising steps: one row a cell and metric of every finished evaluation.
create view v_sweep_quality as
select j.name as job,
       j.output as report,
       m.cell,
       case when m.cell like 'steps=%' then cast(substr(m.cell, 7) as integer) end as steps,
       m.name as metric,
       m.score,
       m.low,
       m.high,
       m.signature,
       j.finished_at
from metrics m
join jobs j on j.id = m.job_id
where j.kind = 'evaluate' and j.state in ('completed', 'completedWithErrors');

-- How far each job is.
create view v_job_progress as
select j.id,
       j.name,
       j.kind,
       j.state,
       j.output,
       j.tasks_total,
       count(t.part) as tasks_done,
       case when j.state in ('completed', 'completedWithErrors') then 1.0
            when j.tasks_total = 0 then 0.0
            else cast(count(t.part) as real) / j.tasks_total end as share_done,
       j.items_total,
       j.items_errored,
       j.owner,
       j.error,
       j.started_at,
       j.finished_at
from jobs j
left join tasks t on t.job_id = j.id and t.state = 'completed'
group by j.id;
