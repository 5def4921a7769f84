using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using TorchSharp.Modules;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// Writes a model's weights as they came: the same tensors under the same names (but for what wrappers put on them), those that
/// the network doesn't use included, in the type that each had where it still holds the values, otherwise as F32 (as F64 is,
/// which is read so), or all the network's in one type. Weights beyond a limit go into shards.
/// </summary>
static class WeightsWriter
{
    /// <summary>The most bytes of a file, Hugging Face's own limit.</summary>
    public const long LargestFile = 5_000_000_000;

    /// <summary>Writes the weights.</summary>
    /// <param name="folder">The folder, in which there are none yet.</param>
    /// <param name="model">The model.</param>
    /// <param name="type">F32 or BF16 for all of the network's parameters; null for the type that each came in.</param>
    /// <param name="largestFile">The most bytes of tensors in a file; a larger tensor has one of its own.</param>
    /// <returns>Whether a tensor that was of another type is now F32.</returns>
    public static bool Save(string folder, LanguageModel model, SafeTensorType? type = null, long largestFile = LargestFile)
    {
        var tensors =
            new SortedDictionary<string, (SafeTensorType Type, long Bytes, Action<SafeTensorsWriter, string> Add)>(StringComparer.Ordinal);
        bool widened = false;
        void AddParameter(string name, Parameter parameter, SafeTensorType wanted)
        {
            var written = type ?? (wanted != SafeTensorType.F64 && Holds(wanted, parameter) ? wanted : SafeTensorType.F32);
            widened |= written != wanted;
            tensors.TryAdd(name,
                (written, parameter.numel() * written.Size(), (writer, n) => ModelFile.Add(writer, n, parameter, written)));
        }
        if (model.Origin is not WeightFiles origin)
        {
            foreach (var (name, parameter) in model.Named) AddParameter(name, parameter, SafeTensorType.F32);
        }
        else
        {
            foreach (var (name, reader) in origin.Tensors)
            {
                var info = origin.Info(name);
                string plain = origin.Plain(name);
                if (model.Named.TryGetValue(origin.Canonical(name, model.Config), out var parameter))
                    AddParameter(plain, parameter, info.Type);
                else tensors.TryAdd(plain,
                    (info.Type, info.Length,
                        (writer, n) => writer.Add(n, info.Type, info.Shape, info.Elements, stream => reader.CopyTo(info.Name, stream))));
            }
        }
        var shards = Split(tensors.Select(t => (t.Key, t.Value.Bytes)), largestFile);
        var map = new JsonObject();
        for (int i = 0; i < shards.Count; i++)
        {
            string file = shards.Count == 1
                ? WeightFiles.Single
                : string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors");
            var writer = new SafeTensorsWriter();
            foreach (string name in shards[i])
            {
                tensors[name].Add(writer, name);
                map[name] = file;
            }
            writer.Save(Path.Combine(folder, file));
        }
        if (shards.Count > 1)
        {
            var index = new JsonObject
            {
                ["metadata"] = new JsonObject { ["total_size"] = tensors.Values.Sum(t => t.Bytes) },
                ["weight_map"] = map
            };
            AtomicFile.WriteText(Path.Combine(folder, WeightFiles.Index),
                index.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        }
        return widened;
    }

    static bool Holds(SafeTensorType type, Parameter parameter)
    {
        bool holds = true;
        if (type != SafeTensorType.F32) TensorWindows.Read(parameter, (_, window) => holds = holds && HalfNumbers.Fit(type, window));
        return holds;
    }

    static List<List<string>> Split(IEnumerable<(string Name, long Bytes)> tensors, long largest)
    {
        List<List<string>> shards = [[]];
        long size = 0;
        foreach (var (name, bytes) in tensors)
        {
            if (shards[^1].Count > 0 && size + bytes > largest)
            {
                shards.Add([]);
                size = 0;
            }
            shards[^1].Add(name);
            size += bytes;
        }
        return shards;
    }
}
