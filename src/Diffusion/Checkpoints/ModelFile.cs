using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>Moves parameters between modules and safetensors files.</summary>
static class ModelFile
{
    /// <summary>Compares a file with a layout and adds what is missing, unexpected or misshapen.</summary>
    public static void Check(SafeTensorsReader reader, IEnumerable<ParameterShape> layout, ICollection<CheckpointProblem> problems)
    {
        string file = Path.GetFileName(reader.Path);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, shape) in layout)
        {
            known.Add(name);
            if (!reader.Tensors.TryGetValue(name, out var info)) problems.Add(Missing(file, name, shape));
            else if (!Fits(info, shape)) problems.Add(Misshapen(file, info, shape));
        }
        foreach (string name in reader.Tensors.Keys.Order(StringComparer.Ordinal))
            if (!known.Contains(name)) problems.Add(Unexpected(file, reader.Tensors[name]));
    }

    /// <summary>Reads all of a module's parameters from a file that was checked.</summary>
    public static void Load(SafeTensorsReader reader, NamedParameterModule module)
    {
        foreach (var (name, parameter) in module.Named) Read(reader, name, parameter);
    }

    /// <summary>Reads one tensor of the file into one that exists.</summary>
    public static void Read(SafeTensorsReader reader, string name, Tensor destination) =>
        TensorWindows.Fill(destination, (from, window) => reader.ReadFloats(name, from, window));

    /// <summary>Adds a float32 tensor to a file; its values are read when the file is written.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="name">The tensor's name there.</param>
    /// <param name="source">The values.</param>
    /// <param name="type">F32, or a narrower type, to which the values are rounded.</param>
    public static void Add(SafeTensorsWriter writer, string name, Tensor source, SafeTensorType type = SafeTensorType.F32) =>
        writer.Add(name, type, source.shape, source.numel(), stream => TensorWindows.Read(source, (_, window) =>
        {
            if (type == SafeTensorType.F32)
            {
                stream.Write(MemoryMarshal.AsBytes(window));
                return;
            }
            var narrow = new byte[window.Length * type.Size()];
            HalfNumbers.Narrow(type, window, narrow);
            stream.Write(narrow);
        }));

    /// <summary>Writes a module's parameters.</summary>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Parameter>> parameters)
    {
        var writer = new SafeTensorsWriter();
        foreach (var (name, parameter) in parameters) Add(writer, name, parameter);
        writer.Save(path);
    }

    /// <summary>Whether a file's tensor can be read into a parameter.</summary>
    public static bool Fits(SafeTensorInfo info, long[] shape) => info.Type.IsFloat() && info.Shape.AsSpan().SequenceEqual(shape);

    /// <summary>A parameter has no tensor.</summary>
    public static CheckpointProblem Missing(string file, string name, long[] shape) =>
        new(file, name, "the tensor is missing", Expected(shape));

    /// <summary>A tensor is of another shape or type than its parameter.</summary>
    public static CheckpointProblem Misshapen(string file, SafeTensorInfo found, long[] shape) =>
        new(file, found.Name, "the tensor is misshapen", Expected(shape), $"{found.Type} {SafeTensorInfo.Describe(found.Shape)}");

    /// <summary>A tensor is no parameter's.</summary>
    public static CheckpointProblem Unexpected(string file, SafeTensorInfo found) =>
        new(file, found.Name, "the tensor is unexpected", null, SafeTensorInfo.Describe(found.Shape));

    static string Expected(long[] shape) => $"F32 {SafeTensorInfo.Describe(shape)}";
}
