using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>What the jobs of a manifest must agree on, and that what they read is there or will be.</summary>
/// <param name="text">The manifest's text.</param>
/// <param name="probe">The storage root; null to leave out the check that files are there.</param>
internal sealed class PipelineRules(ManifestText text, IPathProbe? probe)
{
    /// <summary>Checks the jobs that could be read, each with its pointer: "" for a manifest that is one job.</summary>
    public void Check(IReadOnlyList<(WorkManifest Job, string At)> jobs)
    {
        Distinct(jobs, "name", job => job.Name, name => $"two jobs are named \"{name}\"");
        Distinct(jobs, "output", job => job.Output, path => $"two jobs write the output \"{path}\"");
        Apart(jobs);
        var makers = jobs.Where(entry => text.Good(entry.At + "/output")).Select(entry => entry.Job).ToList();
        Cycles(jobs);
        foreach (var (job, at) in jobs)
        {
            foreach (var field in PathFields.Of(job))
                if (text.Good(at + field.Pointer)) Look(job, at, field, makers);
            if (job is EvaluateManifest evaluate && text.Good(at + "/predictions", at + "/metrics")) Likelihoods(evaluate, at, makers);
        }
    }

    void Distinct(IReadOnlyList<(WorkManifest Job, string At)> jobs, string field, Func<WorkManifest, string> value,
        Func<string, string> message)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (job, at) in jobs)
        {
            if (!text.Good($"{at}/{field}")) continue;
            if (!seen.TryAdd(value(job), at)) text.Add($"{at}/{field}", $"{message(value(job))}: {seen[value(job)]} has it too");
        }
    }

    // A folder within another job's output would be taken for part of it (a cell of results, a file of a model) and would go
    // with it where it is replaced.
    void Apart(IReadOnlyList<(WorkManifest Job, string At)> jobs)
    {
        var known = jobs.Where(entry => text.Good(entry.At + "/output")).ToList();
        foreach (var (inner, at) in known)
            foreach (var (outer, other) in known)
                if (inner.Output.StartsWith(outer.Output + "/", StringComparison.Ordinal) && text.Good(at + "/output", other + "/output"))
                    text.Add(at + "/output", $"the output \"{inner.Output}\" lies within "
                        + $"\"{outer.Output}\", the output of {other}: each job needs a folder of its own");
    }

    void Cycles(IReadOnlyList<(WorkManifest Job, string At)> jobs)
    {
        var sound = new List<WorkManifest>();
        foreach (var (job, at) in jobs)
        {
            if (!text.Good(at + "/name", at + "/output")) continue;
            var own = PathFields.Of(job).Where(field => field.Role != PathRole.Output && JobGraph.Maker(field.Path, [job]) == 0).ToList();
            foreach (var field in own) text.Add(at + field.Pointer, $"the job reads \"{field.Path}\", which is its own output");
            if (own.Count == 0) sound.Add(job);
        }
        var cycle = JobGraph.Of(sound).Cycle;
        if (cycle.Count > 0)
            text.Add(jobs[0].At[..jobs[0].At.LastIndexOf('/')],
                $"jobs wait for each other in a cycle: {string.Join(" -> ", cycle)} (each reads what the next one writes)");
    }

    void Look(WorkManifest job, string at, PathField field, List<WorkManifest> jobs)
    {
        int[] makers = field.Role == PathRole.Output ? [] : [.. JobGraph.Makers(field, jobs)];
        foreach (int maker in makers) Fits(at + field.Pointer, field, jobs[maker]);
        if (makers.Length > 0) return;
        // What a template names is there when its time has come.
        if (probe is null || text.Nearest(at + field.Pointer).IsFilled) return;
        var content = probe.Look(field.Path);
        string? expected = (field.Role, content) switch
        {
            (PathRole.Output, PathContent.File or PathContent.UnderFile or PathContent.BrokenLink or PathContent.BehindBrokenLink) =>
                "expected a folder or nothing there",
            (PathRole.InputFile or PathRole.InputFolder or PathRole.Input or PathRole.Data,
                PathContent.Nothing or PathContent.UnderFile or PathContent.BrokenLink or PathContent.BehindBrokenLink) => field.Role switch
                {
                    PathRole.InputFile => "expected a file",
                    PathRole.InputFolder => "expected a folder",
                    _ => "expected a file or a folder",
                },
            (_, PathContent.Reserved) => "expected a path that a manifest may name",
            (PathRole.InputFile, PathContent.Folder) => "expected a file",
            (PathRole.InputFolder, PathContent.File) => "expected a folder",
            _ => null,
        };
        // Links to big models and data are their owner's choice; what a job writes stays under the root.
        if (expected is null && field.Role == PathRole.Output && probe.Leaves(field.Path))
            text.Add(at + field.Pointer, $"\"{field.Path}\" leads out of the storage root by a symbolic link");
        if (expected is null) return;
        string found = content switch
        {
            PathContent.Nothing => "does not exist",
            PathContent.UnderFile => "lies under a file",
            PathContent.BrokenLink => "is a symbolic link that leads nowhere",
            PathContent.BehindBrokenLink =>
                "lies behind a symbolic link that leads nowhere",
            PathContent.File => "is a file",
            PathContent.Reserved =>
                    "belongs to the pipeline",
            _ => "is a folder"
        };
        text.Add(at + field.Pointer, content == PathContent.Nothing
            ? $"{expected}, but \"{field.Path}\" {found} under the storage root"
            : $"{expected}, but \"{field.Path}\" {found}");
    }

    // The lines that sampling writes have none; without a file of them the job could only fail once all is sampled.
    void Likelihoods(EvaluateManifest job, string at, List<WorkManifest> jobs)
    {
        int maker = JobGraph.Makers(new PathField("/predictions", PathRole.Input, job.Predictions), jobs).FirstOrDefault(-1);
        if (maker < 0 || jobs[maker] is not SampleManifest) return;
        for (int i = 0; i < job.Metrics.Count; i++)
            if (job.Metrics[i] is { Name: "perplexity", Likelihoods: null, Model: null })
                text.Add($"{at}/metrics/{i}", $"the metric \"perplexity\" needs the field \"model\" or \"likelihoods\" here: the results "
                    + $"of \"{jobs[maker].Name}\" have no log-likelihoods");
    }

    // What a job writes as a whole is good for one thing: models to start from, results to score.
    void Fits(string pointer, PathField field, WorkManifest maker)
    {
        if (field.Path != maker.Output || field.Role == PathRole.Data) return;
        var wanted = field.Role switch { PathRole.InputFolder => JobKind.Finetune, PathRole.Input => JobKind.Sample, _ => (JobKind?)null };
        if (wanted == maker.Kind) return;
        text.Add(pointer, wanted is null
            ? $"expected a file, but \"{field.Path}\" is the folder that the job \"{maker.Name}\" writes"
            : $"expected the output of a {EnumText.Of(wanted.Value)} job, but \"{maker.Name}\" is of the kind {EnumText.Of(maker.Kind)}");
    }
}
