using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Factories;

public sealed class FactoriesTests
{
    [Fact]
    public void Arrays_lists_and_memory_are_copied()
    {
        using DisposeScope scope = NewDisposeScope();
        Half[] halves = [(Half)1, (Half)2, (Half)3, (Half)4];
        Tensor expected = tensor(new[] { 1f, 2, 3, 4 });
        IList<Half> list = halves;
        foreach (Tensor t in new[] { tensor(halves), tensor(list), tensor(list, 2, 2), tensor(halves, [4]), tensor(list, [2L, 2]), tensor(list, 1, 2, 2), tensor(list, 1, 1, 2, 2), tensor(halves.AsMemory(), [4]) })
        {
            Assert.Equal(float16, t.dtype);
            Assert.True(t.@float().reshape(4).Equals(expected));
        }

        long[] shape = [2];
        Tensor[] two =
        [
            tensor(new byte[] { 1, 2 }.AsMemory(), shape), tensor(new sbyte[] { 1, 2 }.AsMemory(), shape), tensor(new short[] { 1, 2 }.AsMemory(), shape), tensor(new[] { 1, 2 }.AsMemory(), shape),
            tensor(new[] { 1L, 2 }.AsMemory(), shape), tensor(new[] { 1f, 2 }.AsMemory(), shape), tensor(new[] { 1.0, 2 }.AsMemory(), shape),
            as_tensor(new byte[] { 1, 2 }), as_tensor(new sbyte[] { 1, 2 }), as_tensor(new short[] { 1, 2 }), as_tensor(new[] { 1, 2 }), as_tensor(new[] { 1L, 2 }), as_tensor(new[] { 1f, 2 }), as_tensor(new[] { 1.0, 2 }),
            as_tensor(new List<byte> { 1, 2 }), as_tensor(new List<sbyte> { 1, 2 }), as_tensor(new List<short> { 1, 2 }), as_tensor(new List<int> { 1, 2 }), as_tensor(new List<long> { 1, 2 }), as_tensor(new List<float> { 1, 2 }), as_tensor(new List<double> { 1, 2 }),
        ];
        ScalarType[] types = [uint8, int8, int16, int32, int64, float32, float64];
        for (int i = 0; i < two.Length; i++)
        {
            Assert.Equal(types[i % 7], two[i].dtype);
            Assert.Equal([1L, 2], two[i].@long().data<long>().ToArray());
        }

        Assert.Equal([true, false], as_tensor(new[] { true, false }).data<bool>().ToArray());
        Assert.Equal([true, false], as_tensor(new List<bool> { true, false }).data<bool>().ToArray());
        Assert.Equal([2, 2], as_tensor((Array)new[,] { { 1, 2 }, { 3, 4 } }).shape);
        Tensor same = as_tensor(expected);
        same[0] = 9f;
        Assert.Equal(9f, expected[0].item<float>());
        Assert.Equal(float64, as_tensor(expected, float64).dtype);
    }

    [Fact]
    public void Sequences()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([1f, 0, 0, 0, 1, 0], eye(2, 3).data<float>().ToArray());
        Assert.Equal([2, 2], eye(2, dtype: int64).shape);
        Assert.Equal([1.0, 10, 100], logspace(0, 2, 3, dtype: float64).data<double>().ToArray());
        Assert.Equal([1f, 2, 4], logspace(0, 2, 3, 2).data<float>().ToArray());
        Tensor strided = empty_strided([2, 3], [1, 2]);
        Assert.Equal([1, 2], strided.stride());
        Assert.Equal(6f, strided.fill_(1).sum().item<float>());
        Assert.Equal([2f, 3], frombuffer(new[] { 1f, 2, 3 }, float32, 2, 4).data<float>().ToArray());
        Assert.Equal([1, 0, 2, 0], frombuffer(new[] { 1L, 2 }, int32).data<int>().ToArray());
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>([1, 2, 3]).ToArray());
        Assert.Equal([1f, 2], from_file(path, size: 2).data<float>().ToArray());
        File.Delete(path);
        Assert.Throws<ExternalException>(() => frombuffer(new byte[3], int32));
        Assert.Throws<ExternalException>(() => eye(-1));
    }

    [Fact]
    public void New_tensors_of_a_tensors_kind()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros(2, 3, int32);
        Tensor[] made =
        [
            x.new_empty(2), x.new_empty(2, 3), x.new_empty(2, 3, 1), x.new_empty(2, 3, 1, 1), x.new_empty([2L, 3]), x.new_empty((ReadOnlySpan<long>)[2, 3]),
            x.new_zeros(2), x.new_zeros(2, 3), x.new_zeros(2, 3, 1), x.new_zeros(2, 3, 1, 1), x.new_zeros([2L, 3]), x.new_zeros((ReadOnlySpan<long>)[2, 3]),
            x.new_ones(2), x.new_ones(2, 3), x.new_ones(2, 3, 1), x.new_ones(2, 3, 1, 1),
            x.new_full(2, 7), x.new_full(2, 3, 7), x.new_full(2, 3, 1, 7), x.new_full(2, 3, 1, 1, 7), x.new_full([2L, 3], 7), x.new_full((ReadOnlySpan<long>)[2, 3], 7),
            x.empty_like(), x.zeros_like(), x.ones_like(), x.full_like(7), x.randint_like(0, 5), torch.randint_like(x, 0, 5),
        ];
        Assert.All(made, t => Assert.Equal(int32, t.dtype));
        Assert.All(made, t => Assert.Equal(2, t.shape[0]));
        Assert.Equal([0L, 0, 12, 42, 6], new[] { x.new_zeros(2, 3), x.zeros_like(), x.new_ones(3, 4), x.new_full(2, 3, 7), x.ones_like() }.Select(t => t.sum().item<long>()));
        Assert.Equal([float32, float32], new[] { x.rand_like(float32), x.randn_like(float32) }.Select(t => t.dtype));
        Tensor y = empty(1);
        y.arange_out(0, 3, 1);
        Assert.Equal([0f, 1, 2], y.data<float>().ToArray());
        Assert.Equal([2, 2], y.rand_out(2, 2).shape);
        Assert.Equal([4], y.randn_out(4).shape);
        Assert.Equal([3], y.randint_out(9, [3]).shape);
        Assert.Equal(3f, y.randperm_out(3).sum().item<float>());
        Assert.Equal([2], rand_out(y, 2).shape);
        Assert.Equal([2], randint_out(y, 4, [2]).shape);
        Assert.Equal(6f, randperm_out(y, 4).sum().item<float>());
    }
}
