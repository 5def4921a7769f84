using System.Globalization;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Roots;

/// <summary>The names of the pipeline's own blobs; they lie where no listing of a job's files looks.</summary>
public static class RootNames
{
    /// <summary>The folder of the pipeline's own blobs.</summary>
    public const string Internal = ".dbatch";

    /// <summary>Whether a path is the pipeline's own: no manifest may name it and no API may give it out.</summary>
    public static bool IsInternal(string path) => path.StartsWith(Internal, StringComparison.OrdinalIgnoreCase)
        && (path.Length == Internal.Length || path[Internal.Length] == '/');

    /// <summary>The folder of a tenant's files, with the slash at its end; the default tenant's are the container's.</summary>
    public static string Tenant(Tenant tenant) => tenant.IsDefault ? "" : $"{Internal}/tenants/{tenant}/";

    /// <summary>The folder of all that a job keeps while it isn't finished, with the slash at its end.</summary>
    public static string Job(string job) => $"{Internal}/jobs/{job}/";

    /// <summary>The folder of what the index knew of jobs that have ended, with the slash at its end.</summary>
    public const string Records = Internal + "/index/";

    /// <summary>What the index knew of a job at its end.</summary>
    public static string Record(string job) => $"{Records}{job}.json";

    /// <summary>The folder of what the index knows of a kind of rows beside jobs, with the slash at its end.</summary>
    public static string RecordsOf(string kind) => $"{Internal}/records/{kind}/";

    /// <summary>The files that a job reads, as its first plan saw them (<see cref="JobInputs"/>).</summary>
    public static string Inputs(string job) => Job(job) + "inputs.json";

    /// <summary>The folder of a task's blobs, with the slash at its end.</summary>
    public static string Task(TaskKey task) => string.Create(CultureInfo.InvariantCulture, $"{Job(task.Job)}tasks/{task.Ordinal:D7}/");

    /// <summary>The folder of what an attempt at a task leaves to its successors; their order is that of the attempts.</summary>
    public static string Attempt(TaskKey task, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{Task(task)}a{attempt:D6}/");
}
