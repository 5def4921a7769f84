using System.ComponentModel.DataAnnotations;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>How a worker works.</summary>
public sealed class WorkerOptions
{
    /// <summary>Its name in the index and in logs; must differ between workers that run at once.</summary>
    /// <value>The machine's name and the process's id.</value>
    [Required]
    public string Name { get; set; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>
    /// The folder for what it fetches and makes; belongs to this worker alone while it runs. Kept files are used again after a restart.
    /// </summary>
    /// <value>A folder of the system's temporary one.</value>
    [Required]
    public string Folder { get; set; } = Path.Combine(Path.GetTempPath(), "dbatch-worker");

    /// <summary>The most bytes of fetched files that are kept once nothing uses them.</summary>
    /// <value>20 GiB.</value>
    [Range(0, long.MaxValue)]
    public long CacheBytes { get; set; } = 20L << 30;

    /// <summary>For how long a message and its task are this worker's without a heartbeat, which comes at each third of it.</summary>
    /// <value>1 minute; 3 seconds to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:03", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Tasks that are claimed and fetched ahead, so that the device never waits.</summary>
    /// <value>4; 1 to 64.</value>
    [Range(1, 64)]
    public int Prefetch { get; set; } = 4;

    /// <summary>
    /// How long a worker that found nothing waits before it looks at the queues again; each time twice as long, up to
    /// <see cref="LongestPoll"/>.
    /// </summary>
    /// <value>1 second; 10 milliseconds to 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an idle worker waits at most; a shorter time than <see cref="Poll"/> counts as that.</summary>
    /// <value>5 seconds; 10 milliseconds to 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan LongestPoll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often what a successor would need is saved.</summary>
    /// <value>30 seconds; 1 second to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CheckpointEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Failures in a row, without progress, before a task is split or given up.</summary>
    /// <value>5; 1 to 100.</value>
    [Range(1, 100)]
    public int MaxFailures { get; set; } = 5;

    /// <summary>After how long without any task the worker ends by itself, for platforms that start one when there is work.</summary>
    /// <value>Null: never; 1 second to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan? EndAfterIdle { get; set; }

    /// <summary>The port on which its process answers probes, <c>/health/live</c> and <c>/health/ready</c>.</summary>
    /// <value>0: none; at most 65535.</value>
    [Range(0, 65535)]
    public int HealthPort { get; set; }

    /// <summary>Told of each task's progress as it is made, from any thread; the index hears of it with the next heartbeat.</summary>
    internal Action<TaskRow, TaskProgress> Observer { get; set; } = static (_, _) => { };

    /// <summary>
    /// Which failures of a task fail its job at once, in place of being tried again. None, unless somebody watches who can mend them.
    /// </summary>
    internal Func<TaskRow, Exception, bool> FailsJob { get; set; } = static (_, _) => false;
}
