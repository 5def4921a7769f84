using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>Moves parameters between modules and safetensors files.</summary>
static class ModelFile
{
    /// <summary>The file's name inside a checkpoint folder.</summary>
    public const string Name = "model.safetensors";

    /// <summary>Compares a file with a layout and adds what is missing, unexpected or misshapen.</summary>
    public static void Check(SafeTensorsReader reader, IEnumerable<ParameterShape> layout, ICollection<CheckpointProblem> problems,
        IReadOnlyDictionary<string, string>? aliases = null, Func<string, bool>? ignored = null)
    {
        string file = Path.GetFileName(reader.Path);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, shape) in layout)
        {
            string[] names = aliases?.GetValueOrDefault(name) is { } alias ? [name, alias] : [name];
            known.UnionWith(names);
            string expected = $"F32 {SafeTensorInfo.Describe(shape)}";
            if (!names.Any(reader.Tensors.ContainsKey)) problems.Add(new CheckpointProblem(file, name, "the tensor is missing", expected));
            foreach (string present in names)
                if (reader.Tensors.TryGetValue(present, out var info) && (!info.Type.IsFloat() || !info.Shape.AsSpan().SequenceEqual(shape)))
                    problems.Add(new CheckpointProblem(file, present, "the tensor is misshapen", expected, $"{info.Type} {SafeTensorInfo.Describe(info.Shape)}"));
        }
        foreach (string name in reader.Tensors.Keys.Order(StringComparer.Ordinal))
            if (!known.Contains(name) && ignored?.Invoke(name) != true)
                problems.Add(new CheckpointProblem(file, name, "the tensor is unexpected", null, SafeTensorInfo.Describe(reader.Tensors[name].Shape)));
    }

    /// <summary>Reads all of a module's parameters from a file that was checked.</summary>
    public static void Load(SafeTensorsReader reader, NamedParameterModule module, IReadOnlyDictionary<string, string>? aliases = null)
    {
        foreach (var (name, parameter) in module.Named)
            Read(reader, reader.Tensors.ContainsKey(name) ? name : aliases![name], parameter);
    }

    /// <summary>Reads one tensor of the file into one that exists.</summary>
    public static void Read(SafeTensorsReader reader, string name, Tensor destination)
    {
        using var quiet = no_grad();
        using var staged = empty(destination.shape, dtype: float32);
        reader.ReadFloats(name, MemoryMarshal.Cast<byte, float>(staged.bytes));
        destination.copy_(staged);
    }

    /// <summary>Adds a float32 tensor to a file; its values are read when the file is written.</summary>
    public static void Add(SafeTensorsWriter writer, string name, Tensor source) =>
        writer.Add(name, SafeTensorType.F32, source.shape, source.numel(), stream =>
        {
            using var quiet = no_grad();
            using var scope = NewDisposeScope();
            source.detach().cpu().contiguous().WriteBytesToStream(stream);
        });

    /// <summary>Writes a module's parameters.</summary>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Parameter>> parameters)
    {
        var writer = new SafeTensorsWriter();
        foreach (var (name, parameter) in parameters) Add(writer, name, parameter);
        writer.Save(path);
    }
}
