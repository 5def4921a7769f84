using System.Globalization;
using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;

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

    readonly List<SafeTensorsReader> _readers = [];
    readonly SortedDictionary<string, SafeTensorsReader> _tensors = new(StringComparer.Ordinal);
    TensorNames? _names;

    /// <summary>The tensors' names, in ordinal order, with the file that holds each.</summary>
    public IReadOnlyDictionary<string, SafeTensorsReader> Tensors => _tensors;

    /// <summary>The files.</summary>
    public IReadOnlyList<SafeTensorsReader> Files => _readers;

    /// <summary>What a file says of a tensor.</summary>
    public SafeTensorInfo Info(string name) => _tensors[name].Tensors[name];

    /// <summary>A tensor's name without what wrappers put on it: the one that it is written under.</summary>
    public string Plain(string name) => _names?.Plain(name) ?? name;

    /// <summary>The parameter that a tensor is for.</summary>
    public string Canonical(string name, ModelConfig config) => config.Family.Canonical(Plain(name), config);

    /// <summary>
    /// Opens a folder's weights; null where they can't be listed (that, and what is wrong beside, is added to the problems).
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">Its configuration, where that can be used.</param>
    /// <param name="problems">Receives the problems.</param>
    public static WeightFiles? TryOpen(string folder, ModelConfig? config, ICollection<CheckpointProblem> problems)
    {
        string single = Path.Combine(folder, Single);
        bool sharded = !File.Exists(single) && File.Exists(Path.Combine(folder, Index));
        if (!sharded && !File.Exists(single) && OtherWeights.Hint(folder, config?.Family) is { } hint)
        {
            problems.Add(new CheckpointProblem(Single, null, $"the file is missing; {hint}"));
            return null;
        }
        var weights = new WeightFiles();
        if (sharded ? weights.OpenShards(folder, problems) : weights.Open(single, problems)) return weights;
        weights.Dispose();
        return null;
    }

    bool OpenShards(string folder, ICollection<CheckpointProblem> problems)
    {
        if (JsonFile.ReadObject(folder, Index, problems, required: true) is not { } index) return false;
        if (index["weight_map"] is not JsonObject map
            || map.Any(entry => entry.Value is not JsonValue value || !value.TryGetValue(out string? _)))
        {
            problems.Add(new CheckpointProblem(Index, "weight_map", "the map is malformed", "an object of file names by tensor"));
            return false;
        }
        bool listed = true;
        var shards = map.Select(entry => (string)entry.Value!).Distinct().Order(StringComparer.Ordinal).ToList();
        var pointers = shards.Where(shard => Path.GetFileName(shard) == shard
            && GitLfsPointer.Message(Path.Combine(folder, shard)) is not null).ToList();
        if (pointers.Count > 1)
        {
            problems.Add(new CheckpointProblem(pointers[0], null,
                string.Create(CultureInfo.InvariantCulture,
                    $"{GitLfsPointer.Message(Path.Combine(folder, pointers[0]))}; so are {pointers.Count - 1} more of the shards")));
            return false;
        }
        foreach (string shard in shards)
        {
            if (Path.GetFileName(shard) != shard)
                problems.Add(new CheckpointProblem(Index, "weight_map", "a shard lies outside the folder", "a file name", shard));
            else if (Open(Path.Combine(folder, shard), problems)) continue;
            listed = false;
        }
        foreach (var (name, shard) in map)
            if (listed && (!_tensors.TryGetValue(name, out var reader) || Path.GetFileName(reader.Path) != (string)shard!))
                problems.Add(new CheckpointProblem((string)shard!, name, "the shard lacks a tensor that the index lists"));
        return listed;
    }

    bool Open(string path, ICollection<CheckpointProblem> problems)
    {
        if (SafeTensorsReader.TryOpenListed(path, problems) is not { } reader) return false;
        _readers.Add(reader);
        foreach (string name in reader.Tensors.Keys)
            if (!_tensors.TryAdd(name, reader))
                problems.Add(new CheckpointProblem(Path.GetFileName(path), name, "the tensor is in two shards", null,
                    Path.GetFileName(_tensors[name].Path)));
        return true;
    }

    /// <summary>
    /// The configuration that the tensors are for: config.json's, but not tied where the output projection's values are others
    /// than the embeddings'. Adds a problem where other tensors of one parameter differ, and a note for what is decided.
    /// </summary>
    /// <param name="config">The configuration as the file has it.</param>
    /// <param name="problems">Receives the problems; where there are some already, values are not compared.</param>
    /// <param name="notes">Receives what the user should know, a sentence each.</param>
    public ModelConfig Settle(ModelConfig config, ICollection<CheckpointProblem> problems, ICollection<string> notes)
    {
        var (family, untied) = (config.Family, config.With(("tie_word_embeddings", false)));
        var layout = family.Layout(untied).ToDictionary(p => p.Name, p => p.Shape, StringComparer.Ordinal);
        _names = new TensorNames(_tensors.Keys, name => family.Canonical(name, untied) is var canonical
            && (layout.ContainsKey(canonical) || family.IsIgnored(canonical)));
        if (problems.Count > 0) return config;
        var groups = _tensors.Keys.GroupBy(name => Canonical(name, untied))
            .Where(group => layout.TryGetValue(group.Key, out long[]? shape) && group.All(name => ModelFile.Fits(Info(name), shape)))
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        foreach (var (parameter, group) in groups)
        {
            string chosen = Choose(parameter, group, family);
            if (group.Find(name => name != chosen && !AreEqual(name, chosen)) is not { } other) continue;
            if (parameter == family.Canonical(OutputBias(family), untied))
                notes.Add($"{FileOf(chosen)}: {chosen} and {other}, two names of the output projection's bias, differ: {chosen} is used");
            else
                problems.Add(new CheckpointProblem(FileOf(other), other, $"the values are others than those "
                    + $"of {chosen}, and the model has one parameter for both", "equal tensors, or one of them"));
        }
        if (!config.IsTied || !groups.TryGetValue(family.WordEmbeddings, out var words)
            || !groups.TryGetValue(family.OutputProjection, out var outputs)) return config;
        string embeddings = Choose(family.WordEmbeddings, words, family), output = Choose(family.OutputProjection, outputs, family);
        if (AreEqual(embeddings, output)) return config;
        string says = config.Says("tie_word_embeddings")
            ? "says that it is the word embeddings (tie_word_embeddings)"
            : "has it tied to the word embeddings by default (tie_word_embeddings)";
        notes.Add($"{FileOf(output)}: the output projection {output} is used as a matrix of its "
            + $"own: {ModelConfig.FileName} {says}, but its values are others than those of {embeddings}");
        return untied;
    }

    bool AreEqual(string one, string other) => TensorValues.AreEqual((_tensors[one], one), (_tensors[other], other));

    string FileOf(string name) => Path.GetFileName(_tensors[name].Path);

    static string OutputBias(Models.Families.ModelFamily family) => family.OutputProjection[..^"weight".Length] + "bias";

    /// <summary>
    /// Which of several tensors of one parameter is read: the one with the parameter's own name, but for the output bias the one
    /// that stands with the output projection, which is the one that the network of the file's writer adds.
    /// </summary>
    string Choose(string parameter, IReadOnlyList<string> group, Models.Families.ModelFamily family) =>
        group.FirstOrDefault(name => Plain(name) == OutputBias(family)) ?? group.FirstOrDefault(name => Plain(name) == parameter)
            ?? group[0];

    /// <summary>Adds what is missing, unexpected or misshapen for a configuration's network.</summary>
    public void Check(ModelConfig config, ICollection<CheckpointProblem> problems)
    {
        var layout = config.Family.Layout(config).ToDictionary(p => p.Name, p => p.Shape, StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        var unexpected = new List<CheckpointProblem>();
        foreach (var (name, reader) in _tensors)
        {
            string file = Path.GetFileName(reader.Path), canonical = Canonical(name, config);
            if (layout.TryGetValue(canonical, out long[]? shape))
            {
                found.Add(canonical);
                if (!ModelFile.Fits(Info(name), shape)) problems.Add(ModelFile.Misshapen(file, Info(name), shape));
            }
            else if (!config.Family.IsIgnored(canonical)) unexpected.Add(ModelFile.Unexpected(file, Info(name)));
        }
        foreach (var (name, shape) in layout)
            if (!found.Contains(name))
                problems.Add(ModelFile.Missing(_readers.Count == 1 ? Path.GetFileName(_readers[0].Path) : Index, name, shape));
        foreach (var problem in unexpected) problems.Add(problem);
    }

    /// <summary>The tensors that a configuration's network reads.</summary>
    public IEnumerable<string> Used(ModelConfig config) => _tensors.Keys.Where(name => !config.Family.IsIgnored(Canonical(name, config)));

    /// <summary>Reads a model's parameters from files that were checked, each number once from the mapped file to its place.</summary>
    public void Load(LanguageModel model, IProgress<LoadProgress>? progress)
    {
        long done = 0, all = _tensors.Keys.Sum(name => Info(name).Length);
        foreach (var group in _tensors.Keys.GroupBy(name => Canonical(name, model.Config)))
        {
            string name = Choose(group.Key, [.. group], model.Config.Family);
            if (model.Named.TryGetValue(group.Key, out var parameter))
                TensorWindows.Fill(parameter, (from, window) =>
                {
                    _tensors[name].ReadFloats(name, from, window);
                    progress?.Report(new LoadProgress(done += (long)window.Length * Info(name).Type.Size(), all));
                });
        }
        progress?.Report(new LoadProgress(all, all));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reader in _readers) reader.Dispose();
    }
}
