using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// A checkpoint's weights as they lie in its folder: <c>model.safetensors</c>, or the shards that
/// <c>model.safetensors.index.json</c> lists. Knows which of its tensors is for which parameter, and keeps the files open, so
/// that saving can carry over what the network doesn't use.
/// </summary>
sealed class WeightFiles : IDisposable
{
    /// <summary>The name of weights in one file.</summary>
    public const string Single = "model.safetensors";

    /// <summary>The name of the list of shards.</summary>
    public const string Index = "model.safetensors.index.json";

    readonly List<SafeTensorsReader> readers = [];
    readonly SortedDictionary<string, SafeTensorsReader> tensors = new(StringComparer.Ordinal);

    /// <summary>The tensors' names, in ordinal order, with the file that holds each.</summary>
    public IReadOnlyDictionary<string, SafeTensorsReader> Tensors => tensors;

    /// <summary>The files.</summary>
    public IReadOnlyList<SafeTensorsReader> Files => readers;

    /// <summary>What a file says of a tensor.</summary>
    public SafeTensorInfo Info(string name) => tensors[name].Tensors[name];

    /// <summary>Opens a folder's weights; null where they can't be listed (that, and what is wrong beside, is added to the problems).</summary>
    public static WeightFiles? TryOpen(string folder, ICollection<CheckpointProblem> problems)
    {
        string single = Path.Combine(folder, Single);
        bool sharded = !File.Exists(single) && File.Exists(Path.Combine(folder, Index));
        var weights = new WeightFiles();
        if (sharded ? weights.OpenShards(folder, problems) : weights.Open(single, problems)) return weights;
        weights.Dispose();
        return null;
    }

    bool OpenShards(string folder, ICollection<CheckpointProblem> problems)
    {
        if (JsonFile.ReadObject(folder, Index, problems, required: true) is not { } index) return false;
        if (index["weight_map"] is not JsonObject map || map.Any(entry => entry.Value is not JsonValue value || !value.TryGetValue(out string? _)))
        {
            problems.Add(new CheckpointProblem(Index, "weight_map", "the map is malformed", "an object of file names by tensor"));
            return false;
        }
        bool listed = true;
        foreach (string shard in map.Select(entry => (string)entry.Value!).Distinct().Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(shard) != shard) problems.Add(new CheckpointProblem(Index, "weight_map", "a shard lies outside the folder", "a file name", shard));
            else if (Open(Path.Combine(folder, shard), problems)) continue;
            listed = false;
        }
        foreach (var (name, shard) in map)
            if (listed && (!tensors.TryGetValue(name, out var reader) || Path.GetFileName(reader.Path) != (string)shard!))
                problems.Add(new CheckpointProblem((string)shard!, name, "the shard lacks a tensor that the index lists"));
        return listed;
    }

    bool Open(string path, ICollection<CheckpointProblem> problems)
    {
        if (SafeTensorsReader.TryOpenListed(path, problems) is not { } reader) return false;
        readers.Add(reader);
        foreach (string name in reader.Tensors.Keys)
            if (!tensors.TryAdd(name, reader))
                problems.Add(new CheckpointProblem(Path.GetFileName(path), name, "the tensor is in two shards", null, Path.GetFileName(tensors[name].Path)));
        return true;
    }

    /// <summary>Adds what is missing, unexpected or misshapen for a configuration's network.</summary>
    public void Check(ModelConfig config, ICollection<CheckpointProblem> problems)
    {
        var layout = config.Family.Layout(config).ToDictionary(p => p.Name, p => p.Shape, StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        var unexpected = new List<CheckpointProblem>();
        foreach (var (name, reader) in tensors)
        {
            string file = Path.GetFileName(reader.Path), canonical = config.Family.Canonical(name, config);
            if (layout.TryGetValue(canonical, out long[]? shape))
            {
                found.Add(canonical);
                if (!ModelFile.Fits(Info(name), shape)) problems.Add(ModelFile.Misshapen(file, Info(name), shape));
            }
            else if (!config.Family.IsIgnored(canonical)) unexpected.Add(ModelFile.Unexpected(file, Info(name)));
        }
        foreach (var (name, shape) in layout)
            if (!found.Contains(name)) problems.Add(ModelFile.Missing(readers.Count == 1 ? Path.GetFileName(readers[0].Path) : Index, name, shape));
        foreach (var problem in unexpected) problems.Add(problem);
    }

    /// <summary>The tensors that a configuration's network reads.</summary>
    public IEnumerable<string> Used(ModelConfig config) => tensors.Keys.Where(name => !config.Family.IsIgnored(config.Family.Canonical(name, config)));

    /// <summary>Reads a model's parameters from files that were checked, each number once from the mapped file to its place.</summary>
    public void Load(LanguageModel model, IProgress<LoadProgress>? progress)
    {
        long done = 0, all = tensors.Keys.Sum(name => Info(name).Length);
        // Tied tensors may be there twice: the one with the parameter's own name counts.
        foreach (var group in tensors.Keys.GroupBy(name => model.Config.Family.Canonical(name, model.Config)))
        {
            string name = group.FirstOrDefault(n => n == group.Key) ?? group.First();
            if (model.Named.TryGetValue(group.Key, out var parameter))
                TensorWindows.Fill(parameter, (from, window) =>
                {
                    tensors[name].ReadFloats(name, from, window);
                    progress?.Report(new LoadProgress(done += (long)window.Length * Info(name).Type.Size(), all));
                });
        }
        progress?.Report(new LoadProgress(all, all));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reader in readers) reader.Dispose();
    }
}
