using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench.Peer;

/// <summary>Reads safetensors files: a header's length, a JSON header, the bytes.</summary>
internal static class SafeTensors
{
    /// <summary>All tensors of a file by name, in the types that they are stored in.</summary>
    internal static Dictionary<string, Tensor> Read(string path)
    {
        using var file = File.OpenRead(path);
        byte[] size = new byte[8];
        file.ReadExactly(size);
        byte[] header = new byte[BinaryPrimitives.ReadInt64LittleEndian(size)];
        file.ReadExactly(header);
        long data = file.Position;
        using var json = JsonDocument.Parse(header);
        var found = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var entry in json.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            long[] offsets = entry.Value.GetProperty("data_offsets").Deserialize<long[]>()!;
            byte[] bytes = new byte[offsets[1] - offsets[0]];
            file.Position = data + offsets[0];
            file.ReadExactly(bytes);
            var tensor = empty(entry.Value.GetProperty("shape").Deserialize<long[]>()!,
                TypeOf(entry.Value.GetProperty("dtype").GetString()!));
            tensor.bytes = bytes;
            found.Add(entry.Name, tensor);
        }

        return found;
    }

    /// <summary>Loads a module's parameters by their names, each of which the file must have.</summary>
    internal static void Load(nn.Module module, string path)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var found = Read(path);
        foreach (var (name, parameter) in module.named_parameters())
            parameter.copy_(found[name]);
    }

    private static ScalarType TypeOf(string name) => name switch
    {
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        _ => throw new InvalidDataException($"a tensor of {name}"),
    };
}
