using DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Factories;

/// <summary>Each element type has an overload for each way to give a shape; all give the same elements in the same order.</summary>
public sealed class ArraysTests
{
    static T[] Made<T>(Func<int, T> one) => [.. Enumerable.Range(0, 24).Select(one)];

    /// <summary>The forms are, in this order: flat, by a list of lengths, by two, three and four lengths.</summary>
    static void Check(ScalarType type, params Tensor[] forms)
    {
        long[][] shapes = [[24], [3, 8], [4, 6], [2, 3, 4], [1, 2, 3, 4]];
        for (int i = 0; i < forms.Length; i++)
        {
            Assert.Equal(type, forms[i].dtype);
            Assert.Equal(shapes[i], forms[i].shape);
            Assert.Equal(Enumerable.Range(0, 24).Select(n => type == @bool ? n % 3 == 0 ? 1.0 : 0 : n), Values.Of(forms[i]));
        }
    }

    [Fact]
    public void Lists_of_truth_values_and_of_small_numbers()
    {
        using DisposeScope scope = NewDisposeScope();
        IList<bool> flags = Made(i => i % 3 == 0);
        Check(@bool, tensor(flags), tensor(flags, [3, 8]), tensor(flags, 4, 6), tensor(flags, 2, 3, 4), tensor(flags, 1, 2, 3, 4));
        IList<byte> bytes = Made(i => (byte)i);
        Check(uint8, tensor(bytes), tensor(bytes, [3, 8]), tensor(bytes, 4, 6), tensor(bytes, 2, 3, 4), tensor(bytes, 1, 2, 3, 4));
        IList<sbyte> signed = Made(i => (sbyte)i);
        Check(int8, tensor(signed), tensor(signed, [3, 8]), tensor(signed, 4, 6), tensor(signed, 2, 3, 4), tensor(signed, 1, 2, 3, 4));
        IList<short> shorts = Made(i => (short)i);
        Check(int16, tensor(shorts), tensor(shorts, [3, 8]), tensor(shorts, 4, 6), tensor(shorts, 2, 3, 4), tensor(shorts, 1, 2, 3, 4));
    }

    [Fact]
    public void Lists_of_numbers()
    {
        using DisposeScope scope = NewDisposeScope();
        IList<int> ints = Made(i => i);
        Check(int32, tensor(ints), tensor(ints, [3, 8]), tensor(ints, 4, 6), tensor(ints, 2, 3, 4), tensor((int[])ints, 1, 2, 3, 4));
        IList<long> longs = new List<long>(Made(i => (long)i));
        Check(int64, tensor(longs), tensor(longs, [3, 8]), tensor(longs, 4, 6), tensor(longs, 2, 3, 4), tensor(longs, 1, 2, 3, 4));
        IList<float> floats = new List<float>(Made(i => (float)i));
        Check(float32, tensor(floats), tensor(floats, [3, 8]), tensor(floats, 4, 6), tensor(floats, 2, 3, 4), tensor(floats, 1, 2, 3, 4));
        IList<double> doubles = Made(i => (double)i);
        Check(float64, tensor(doubles), tensor(Made(i => (double)i), [3, 8]), tensor(doubles, 4, 6), tensor(doubles, 2, 3, 4), tensor(doubles, 1, 2, 3, 4));
    }

    [Fact]
    public void Arrays_of_every_type()
    {
        using DisposeScope scope = NewDisposeScope();
        Check(@bool, tensor(Made(i => i % 3 == 0)), tensor(Made(i => i % 3 == 0), [3, 8]));
        Check(uint8, tensor(Made(i => (byte)i)), tensor(Made(i => (byte)i), [3, 8]));
        Check(int8, tensor(Made(i => (sbyte)i)), tensor(Made(i => (sbyte)i), [3, 8]));
        Check(int16, tensor(Made(i => (short)i)), tensor(Made(i => (short)i), [3, 8]));
        Check(int32, tensor(Made(i => i)), tensor(Made(i => i), [3, 8]));
        Check(int64, tensor(Made(i => (long)i)), tensor(Made(i => (long)i), [3, 8]));
        Check(float32, tensor(Made(i => (float)i)), tensor(Made(i => (float)i), [3, 8]));
        Check(float64, from_array(Made(i => i), float64), from_array(new double[3, 8], null).copy_(arange(24).view(3, 8)));
    }

    [Fact]
    public void The_type_may_be_another_and_the_memory_is_the_tensors_own()
    {
        using DisposeScope scope = NewDisposeScope();
        IList<double> list = [1.75, -2.5];
        Assert.Equal([1, -2], Values.Of(tensor(list, int32)));
        Assert.Equal([1, -2], Values.Of(tensor(list, 1, 2, int64)));
        Assert.True(tensor(list, requires_grad: true).requires_grad);
        float[] array = [1, 2];
        Tensor x = tensor(array);
        array[0] = 5;
        Assert.Equal([1, 2], Values.Of(x));
        Assert.ThrowsAny<Exception>(() => tensor(list, 2, 2));
        Assert.ThrowsAny<Exception>(() => tensor(list, 3, 1, 1));
    }
}
