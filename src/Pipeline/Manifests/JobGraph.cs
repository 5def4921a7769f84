using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;


namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>
/// The jobs of a manifest in an order in which each comes after those whose output it reads. Among jobs that are
/// ready at the same time, the one that the manifest lists first comes first.
/// </summary>
/// <param name="Nodes">The jobs in that order; those of a cycle are left out.</param>
/// <param name="Cycle">The names of jobs that wait for each other, the first repeated at the end; empty where there's no cycle.</param>
public sealed record JobGraph(IReadOnlyList<JobNode> Nodes, IReadOnlyList<string> Cycle)
{
    /// <summary>The graph of a manifest: a single job is a graph of one node.</summary>
    public static JobGraph Of(JobManifest manifest) => manifest switch
    {
        PipelineManifest pipeline => Of(pipeline.Jobs),
        WorkManifest job => Of([job]),
        _ => throw new ArgumentException($"A manifest of kind {manifest.Kind} is no job.", nameof(manifest)),
    };

    /// <summary>The graph of jobs with distinct names and outputs.</summary>
    public static JobGraph Of(IReadOnlyList<WorkManifest> jobs)
    {
        var dependencies = jobs.Select(job => Dependencies(job, jobs)).ToList();
        var nodes = new List<JobNode>();
        var done = new HashSet<int>();
        while (done.Count < jobs.Count)
        {
            int next = Enumerable.Range(0, jobs.Count).FirstOrDefault(i => !done.Contains(i) && dependencies[i].All(done.Contains), -1);
            if (next < 0) break;
            done.Add(next);
            nodes.Add(new JobNode(jobs[next], [.. dependencies[next].Select(i => jobs[i].Name)]));
        }
        return new JobGraph(nodes, done.Count == jobs.Count ? [] : FindCycle(jobs, dependencies, done));
    }

    /// <summary>The index of the job whose output is the path or holds it (the innermost such output); -1 for none.</summary>
    internal static int Maker(string path, IReadOnlyList<WorkManifest> jobs)
    {
        int maker = -1;
        for (int i = 0; i < jobs.Count; i++)
        {
            string output = jobs[i].Output;
            bool inside = path == output || path.StartsWith(output + "/", StringComparison.Ordinal);
            if (inside && (maker < 0 || output.Length > jobs[maker].Output.Length)) maker = i;
        }
        return maker;
    }

    /// <summary>
    /// The indices of the jobs that make what a field names: the one whose output it is or lies in; of predictions, all whose results lie
    /// in it.
    /// </summary>
    internal static IEnumerable<int> Makers(PathField field, IReadOnlyList<WorkManifest> jobs) =>
        Maker(field.Path, jobs) is >= 0 and var maker ? [maker]
        : field.Role == PathRole.Input ? Enumerable.Range(0, jobs.Count)
            .Where(i => jobs[i] is SampleManifest && jobs[i].Output.StartsWith(field.Path + "/", StringComparison.Ordinal))
        : [];

    static List<int> Dependencies(WorkManifest job, IReadOnlyList<WorkManifest> jobs) =>
        [.. PathFields.Of(job)
            .Where(field => field.Role != PathRole.Output)
            .SelectMany(field => Makers(field, jobs))
            .Distinct()
            .Order()];

    // Every job that is left waits for another one that is left, so that walking along must come back.
    static List<string> FindCycle(IReadOnlyList<WorkManifest> jobs, List<List<int>> dependencies, HashSet<int> done)
    {
        var walk = new List<int>();
        int at = Enumerable.Range(0, jobs.Count).First(i => !done.Contains(i));
        while (!walk.Contains(at))
        {
            walk.Add(at);
            at = dependencies[at].First(i => !done.Contains(i));
        }
        return [.. walk.Skip(walk.IndexOf(at)).Append(at).Select(i => jobs[i].Name)];
    }
}

/// <summary>A job and the jobs that must be done before it.</summary>
/// <param name="Job">The job.</param>
/// <param name="DependsOn">Names of the jobs whose output it reads, in the order of the list.</param>
public sealed record JobNode(WorkManifest Job, IReadOnlyList<string> DependsOn);
