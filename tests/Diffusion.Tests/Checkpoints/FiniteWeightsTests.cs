using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Tests.Checkpoints;

/// <summary>Weights that are no numbers are found before a model is used, each tensor by its name.</summary>
public sealed class FiniteWeightsTests : IDisposable
{
    const string Tensor = "roberta.encoder.layer.1.output.dense.weight";

    readonly TemporaryFolder _folder = new();

    public FiniteWeightsTests()
    {
        foreach (string file in (string[])["config.json", "model.safetensors", "length_predictor.safetensors"])
            File.Copy(Path.Combine(Golden.XlmRoberta, file), _folder[file]);
    }

    public void Dispose() => _folder.Dispose();

    IEnumerable<string> Problems()
    {
        var loaded = Assert.Throws<CheckpointException>(() => Checkpoint.Load(_folder.Path)).Problems.Select(p => p.ToString()).ToList();
        Assert.Equal(loaded, Assert.Throws<CheckpointException>(() => Checkpoint.Check(_folder.Path)).Problems.Select(p => p.ToString()));
        return loaded;
    }

    void Poke(string file, string tensor, long element, float value)
    {
        long at;
        using (var reader = SafeTensorsReader.Open(_folder[file])) at = reader.Tensors[tensor].Offset + 4 * element;
        using var stream = new FileStream(_folder[file], FileMode.Open, FileAccess.ReadWrite);
        var length = new byte[8];
        stream.ReadExactly(length);
        stream.Position = 8 + BitConverter.ToInt64(length) + at;
        stream.Write(BitConverter.GetBytes(value));
    }

    [Fact]
    public void Each_tensor_is_named_with_the_place_of_its_first_bad_number_and_their_count()
    {
        Poke("model.safetensors", Tensor, 5 * 96 + 7, float.NaN);
        Poke("model.safetensors", Tensor, 5 * 96 + 9, float.PositiveInfinity);
        Poke("model.safetensors", "lm_head.bias", 119, float.NegativeInfinity);
        Poke("length_predictor.safetensors", "length_predictor.2.bias", 0, float.NaN);
        const string Wrong = ": the weights are damaged or training diverged; expected finite numbers, found ";
        Assert.Equal(
            [$"model.safetensors: lm_head.bias{Wrong}-infinity at [119]", $"model.safetensors: {Tensor}{Wrong}NaN at [5, 7] and 1 more",
                $"length_predictor.safetensors: length_predictor.2.bias{Wrong}NaN at [0]"],
            Problems().OrderBy(p => p.StartsWith("length", StringComparison.Ordinal)).ThenBy(p => p, StringComparer.Ordinal));
    }

    [Fact]
    public void Tensors_that_the_network_does_not_read_may_hold_anything()
    {
        string file = _folder["model.safetensors"];
        var writer = new SafeTensorsWriter();
        using (var reader = SafeTensorsReader.Open(Path.Combine(Golden.XlmRoberta, "model.safetensors")))
        {
            foreach (var (name, info) in reader.Tensors)
                writer.Add(name, info.Type, info.Shape, info.Elements, stream => reader.CopyTo(name, stream));
            writer.Add("roberta.pooler.dense.bias", SafeTensorType.F32, [1], 1, stream => stream.Write(BitConverter.GetBytes(float.NaN)));
            writer.Save(file);
        }
        Checkpoint.Check(_folder.Path);
    }

    [Theory]
    [InlineData(SafeTensorType.F32)]
    [InlineData(SafeTensorType.F16)]
    [InlineData(SafeTensorType.BF16)]
    public void Every_place_of_every_type_is_looked_at(SafeTensorType type)
    {
        for (int length = 0; length < 150; length++)
        {
            float[] numbers = [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? -0f : type == SafeTensorType.F16 ? 65504f : 3e38f)];
            Assert.Equal(-1, FiniteNumbers.IndexOfOther(type, Bytes(numbers)));
            for (int at = 0; at < length; at++)
                foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                {
                    float[] with = [.. numbers];
                    with[at] = bad;
                    if (FiniteNumbers.IndexOfOther(type, Bytes(with)) != at) Assert.Fail($"{type}, {length} numbers, {bad} at {at}");
                }
        }

        byte[] Bytes(float[] values)
        {
            if (type == SafeTensorType.F32) return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
            var narrow = new byte[2 * values.Length];
            HalfNumbers.Narrow(type, values, narrow);
            return narrow;
        }
    }
}
