using System.Collections.Concurrent;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>
/// Makes the progress of jobs from that of their tasks: results are counted over all shards, those that earlier runs made included.
/// A job's reports come at most every tenth of a second.
/// </summary>
internal sealed class LocalProgress(TimeProvider time)
{
    static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(100);

    readonly ConcurrentDictionary<string, Job> _jobs = new(StringComparer.Ordinal);

    /// <summary>Begins to count a job; what its tasks told before that counts too.</summary>
    /// <param name="job">The job, planned.</param>
    /// <param name="cells">The cells of a sampling job, else 1.</param>
    /// <param name="tasks">Its tasks.</param>
    /// <param name="reporter">Takes its progress.</param>
    public void Begin(JobRow job, int cells, IReadOnlyList<TaskRow> tasks, ProgressReporter reporter)
    {
        Job counted = _jobs.GetOrAdd(job.Id, _ => new Job(time));
        lock (counted)
        {
            counted.Reporter = reporter;
            counted.Total = (job.ItemsTotal ?? 0) * cells;
            foreach (TaskRow task in tasks.Where(t => t.Parent is null && t.State is TaskState.Completed or TaskState.Poisoned))
                counted.Set(task.Ordinal, task.ItemCount * cells);
            counted.Before = counted.Done;
            foreach (TaskProgress note in counted.Notes) reporter.Report(note);
            counted.Notes.Clear();
        }
    }

    /// <summary>Takes what a task tells.</summary>
    public void Observe(TaskRow task, TaskProgress progress)
    {
        Job job = _jobs.GetOrAdd(task.JobId, _ => new Job(time));
        lock (job)
        {
            if (progress.Done < 0 || task.Kind != JobKind.Sample)
            {
                if (job.Reporter is { } reporter) reporter.Report(progress);
                else if (progress.Note is not null) job.Notes.Add(progress);
                return;
            }
            bool whole = job.Set(task.Ordinal, progress.Done) && progress.Done == progress.Total;
            if (job.Reporter is null || (!job.Clock.IsDue() && !whole)) return;
            double rate = (job.Done - job.Before) / Math.Max(job.Clock.Elapsed.TotalSeconds, 1e-9);
            // The halves of a shard that was split count beside it for a moment.
            long done = Math.Min(job.Done, job.Total);
            job.Reporter.Report(progress with
            {
                Done = done,
                Total = job.Total,
                Metrics = new Dictionary<string, double>(progress.Metrics ?? new Dictionary<string, double>()) { ["results/s"] = rate }
            });
        }
    }

    sealed class Job(TimeProvider time)
    {
        readonly Dictionary<int, long> _tasks = [];

        public ReportClock Clock { get; } = new(time, s_reportEvery);

        public ProgressReporter? Reporter { get; set; }

        /// <summary>What its tasks told in words before anybody took it.</summary>
        public List<TaskProgress> Notes { get; } = [];

        public long Total { get; set; }

        public long Done { get; private set; }

        public long Before { get; set; }

        /// <summary>Says how many results a task has; whether that is news.</summary>
        public bool Set(int task, long done)
        {
            long before = _tasks.GetValueOrDefault(task);
            _tasks[task] = done;
            Done += done - before;
            return done != before;
        }
    }
}
