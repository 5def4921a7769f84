using System.Text;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>The way from a text to checked records: syntax, then shape, then rules.</summary>
internal static class ManifestAssembly
{
    const int MaxBytes = 16 << 20;

    /// <summary>Reads and checks a manifest.</summary>
    public static ManifestReading Read(ReadOnlySpan<byte> utf8, string file, ManifestFormat format, IPathProbe? probe)
    {
        ManifestText? text = Tree(utf8, file, format, out ManifestReading? refused);
        if (text is null) return refused!;
        var binder = new ManifestBinder(text);
        var manifest = (JobManifest?)binder.Record(text.Root, typeof(JobManifest));
        Rules(binder.Jobs, text, probe);
        return Reading(text, manifest);
    }

    /// <summary>Reads a text as a tree; null, and why, where that can't be done.</summary>
    public static ManifestText? Tree(ReadOnlySpan<byte> utf8, string file, ManifestFormat format, out ManifestReading? refused)
    {
        refused = null;
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (utf8.Length > MaxBytes)
            return No(out refused, Problem.OfFile(file, $"the manifest has {utf8.Length} bytes; at most {MaxBytes} are allowed"));
        if (!utf8.ContainsAnyExcept(" \t\r\n"u8)) return No(out refused, Problem.OfFile(file, "the manifest is empty"));
        byte[] bytes = utf8.ToArray();
        var places = new TextPlaces(bytes);
        if (places.FirstInvalid() is >= 0 and var bad)
        {
            var (line, column) = places.Of(bad);
            return No(out refused, new Problem(file, null, line, column, $"invalid UTF-8: byte 0x{bytes[bad]:X2}"));
        }
        try
        {
            var twice = new List<ManifestMember>();
            var text = new ManifestText(file, format == ManifestFormat.Json
                ? JsonTree.Read(bytes, places, twice.Add)
                : YamlTree.Read(Encoding.UTF8.GetString(bytes), twice.Add));
            foreach (var member in twice)
                text.Add(member.Value.Pointer, member.Line, member.Column,
                    $"the field {Printable.Quoted(member.Name)} stands twice in this object");
            return text;
        }
        catch (ManifestSyntaxException error)
        {
            return No(out refused, new Problem(file, null, error.Line, error.Column, error.Message));
        }
    }

    /// <summary>What became of a text that was bound.</summary>
    public static ManifestReading Reading(ManifestText text, JobManifest? manifest)
    {
        var problems = text.Problems.OrderBy(p => p.Line).ThenBy(p => p.Column).ToList();
        return new ManifestReading(problems.Count == 0 ? manifest : null, problems)
        {
            Place = pointer => text.Nearest(pointer) is var node ? (node.Line, node.Column) : default,
            IsFilled = pointer => text.Nearest(pointer).IsFilled,
        };
    }

    /// <summary>Checks what the jobs of a text must agree on.</summary>
    public static void Rules(IReadOnlyList<(WorkManifest Job, string At)> jobs, ManifestText text, IPathProbe? probe)
    {
        var rules = new ManifestRules(text);
        foreach (var (job, at) in jobs) rules.Check(job, at);
        new PipelineRules(text, probe).Check(jobs);
    }

    static ManifestText? No(out ManifestReading? refused, Problem problem)
    {
        refused = new ManifestReading(null, [problem]);
        return null;
    }
}
