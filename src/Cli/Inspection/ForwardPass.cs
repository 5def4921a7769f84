using DiffusionBatch.Diffusion.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Cli.Inspection;

/// <summary>One forward pass from file to file, to compare a model with another implementation of it.</summary>
internal static class ForwardPass
{
    /// <summary>Reads <c>input_ids</c> and <c>attention_mask</c> (both (B, N)), writes <c>logits</c> (B, N, V) as float32.</summary>
    /// <exception cref="UserException">The tensors are missing or don't fit each other or the model.</exception>
    public static void Run(Checkpoint checkpoint, string input, string output)
    {
        using var file = SafeTensorsReader.Open(input);
        long[] shape = Shape(file, "input_ids", null);
        long[] ids = file.ReadLongs("input_ids");
        bool[] mask = [.. ids.Select(_ => true)];
        if (file.Tensors.TryGetValue("attention_mask", out SafeTensorInfo? info))
        {
            Shape(file, "attention_mask", shape);
            mask = info.Type == SafeTensorType.BOOL ? file.ReadBooleans("attention_mask") : [.. file.ReadLongs("attention_mask").Select(m => m != 0)];
        }
        int vocabulary = checkpoint.Model.VocabularySize;
        if (ids.FirstOrDefault(id => id < 0 || id >= vocabulary) is not 0 and var outside) throw new UserException($"{input}: input_ids: {outside} is not one of the model's ids, 0 to {vocabulary - 1}");
        if (shape[1] > checkpoint.Model.UsablePositions) throw new UserException($"{input}: input_ids: {shape[1]} tokens don't fit the model's {checkpoint.Model.UsablePositions} positions");

        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        checkpoint.Model.eval();
        Tensor hidden = checkpoint.Model.Hidden(tensor(ids, shape), tensor(mask, shape)); // (B, N, d)
        Tensor logits = checkpoint.Model.Logits(hidden.view(-1, hidden.shape[2])); // (B N, V)
        var writer = new SafeTensorsWriter();
        writer.Add("logits", logits.contiguous().data<float>().ToArray(), shape[0], shape[1], vocabulary);
        writer.Save(output);
    }

    static long[] Shape(SafeTensorsReader file, string name, long[]? expected)
    {
        if (!file.Tensors.TryGetValue(name, out SafeTensorInfo? info)) throw new UserException($"{file.Path}: {name}: the tensor is missing");
        if (info.Shape.Length != 2 || expected is not null && !info.Shape.SequenceEqual(expected))
            throw new UserException($"{file.Path}: {name}: expected the shape {(expected is null ? "[batch, tokens]" : SafeTensorInfo.Describe(expected))}, found {SafeTensorInfo.Describe(info.Shape)}");
        if (info.Type != SafeTensorType.I64 && (expected is null || info.Type != SafeTensorType.BOOL))
            throw new UserException($"{file.Path}: {name}: expected I64, found {info.Type}");
        return info.Shape;
    }
}
