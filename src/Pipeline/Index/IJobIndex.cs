using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// The index over jobs, for dashboards and SQL. The files are what counts: an index that was lost is made anew
/// as jobs run again.
/// </summary>
public interface IJobIndex : IDisposable
{
    /// <summary>The newest job with that output and fingerprint, or null.</summary>
    JobRow? Find(string output, string fingerprint);

    /// <summary>A job by its id, or null.</summary>
    JobRow? Get(string id);

    /// <summary>All jobs, the newest first.</summary>
    IReadOnlyList<JobRow> List();

    /// <summary>Enters a job.</summary>
    void Add(JobRow job);

    /// <summary>Moves a job to another state.</summary>
    /// <param name="id">The job.</param>
    /// <param name="to">The new state.</param>
    /// <param name="error">Why, where it failed.</param>
    /// <param name="items">Its items' counts, where they are known now.</param>
    /// <exception cref="InvalidOperationException">The job may not go from its present state to that one.</exception>
    void Transition(string id, JobState to, string? error = null, ItemCounts? items = null);

    /// <summary>Says how many tasks a job has.</summary>
    void SetTasks(string id, long total);

    /// <summary>Enters a finished file, or corrects it.</summary>
    void SaveArtifact(string id, ArtifactRow file);

    /// <summary>Replaces a job's figures.</summary>
    void SaveMetrics(string id, IReadOnlyList<MetricValue> metrics);

    /// <summary>Replaces an evaluation's cells.</summary>
    void SaveSweepPoints(string id, IReadOnlyList<SweepPoint> points);

    /// <summary>
    /// Frees the jobs of processes that are gone: running ones become queued, cancelling ones cancelled. To be called
    /// by who holds the root alone. Returns how many there were.
    /// </summary>
    int TakeOver();
}
