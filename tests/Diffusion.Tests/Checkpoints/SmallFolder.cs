using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Checkpoints;

/// <summary>A folder of a small model that a test writes, changes and reads.</summary>
static class SmallFolder
{
    /// <summary>Writes a model of an architecture.</summary>
    public static string Write(string path, string architecture, params ReadOnlySpan<(string Field, JsonNode? Value)> fields)
    {
        using var model = Model(architecture, fields);
        CheckpointWriter.Save(path, model, null, null, null);
        return path;
    }

    /// <summary>A model of an architecture whose config.json has some fields set; its weights are drawn.</summary>
    public static LanguageModel Model(string architecture, params ReadOnlySpan<(string Field, JsonNode? Value)> fields)
    {
        using var small = Golden.Small(architecture: architecture);
        var config = small.Config.With(fields);
        var model = config.Family.Build(config, null);
        model.Initialise(5);
        // Biases and norms that count.
        using var quiet = no_grad();
        using var draws = new Generator(9, CPU);
        foreach (var (name, parameter) in model.Named)
            if (parameter.dim() == 1 || name == "final_logits_bias") parameter.add_(randn(parameter.shape, generator: draws) * 0.1);
        model.eval();
        return model;
    }

    /// <summary>Changes a JSON file.</summary>
    public static void Edit(string path, Action<JsonObject> edit, string file = "config.json")
    {
        string full = Path.Combine(path, file);
        var json = JsonNode.Parse(File.ReadAllText(full))!.AsObject();
        edit(json);
        File.WriteAllText(full, json.ToJsonString());
    }

    /// <summary>Writes the weights again: each tensor as any number of others.</summary>
    public static void Rewrite(string path, Func<string, float[], IEnumerable<(string Name, SafeTensorType Type, float[] Values)>> change,
        string file = "model.safetensors")
    {
        string full = Path.Combine(path, file);
        var writer = new SafeTensorsWriter();
        using (var reader = SafeTensorsReader.Open(full))
            foreach (var (name, info) in reader.Tensors)
                foreach (var (other, type, values) in change(name, reader.ReadFloats(name)))
                    writer.Add(other, type, info.Shape, values.Length, stream => stream.Write(Bytes(type, values)));
        writer.Save(full);
    }

    /// <summary>Writes the weights again under other names.</summary>
    public static void Rename(string path, Func<string, string> rename, string file = "model.safetensors") =>
        Rewrite(path, (name, values) => [(rename(name), SafeTensorType.F32, values)], file);

    static byte[] Bytes(SafeTensorType type, float[] values)
    {
        if (type == SafeTensorType.F32) return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        if (type == SafeTensorType.F64) return MemoryMarshal.AsBytes(Array.ConvertAll(values, v => (double)v).AsSpan()).ToArray();
        byte[] narrow = new byte[values.Length * type.Size()];
        HalfNumbers.Narrow(type, values, narrow);
        return narrow;
    }

    /// <summary>The logits of four tokens with the whole canvas seen. // (4 V)</summary>
    public static float[] Logits(LanguageModel model)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return model.Logits(model.Hidden(tensor(new long[] { 0, 9, 38, 2 }, [1, 4]), ones([1, 4], dtype: @bool), parts: new([4], [2]))
            .view(4, -1)).data<float>().ToArray();
    }

    /// <summary>The logits of a folder's model.</summary>
    public static float[] Logits(string path)
    {
        using var checkpoint = Checkpoint.Load(path);
        return Logits(checkpoint.Model);
    }

    /// <summary>What loading and checking a folder both say.</summary>
    public static IReadOnlyList<string> Problems(string path)
    {
        var loaded = Assert.Throws<CheckpointException>(() => Checkpoint.Load(path)).Problems.Select(p => p.ToString()).ToList();
        Assert.Equal(loaded, Assert.Throws<CheckpointException>(() => Checkpoint.Check(path)).Problems.Select(p => p.ToString()));
        return loaded;
    }
}
