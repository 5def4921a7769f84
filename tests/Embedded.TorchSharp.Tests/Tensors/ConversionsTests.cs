using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;

public sealed class ConversionsTests
{
    [Fact]
    public void One_element_is_read_as_any_number()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(3.75);
        Assert.Equal((true, 3, 3, 3L, 3.75f, 3.75), (x.ToBoolean(), x.ToByte(), x.ToInt32(), x.ToInt64(), x.ToSingle(), x.ToDouble()));
        Assert.Equal((true, 3, 3L, 3.75f, 3.75), ((bool)x, (int)x, (long)x, (float)x, (double)x));
        Assert.Equal((ScalarType.Float64, 3.75), (x.ToScalar().Type, x.ToScalar().ToDouble()));
        Assert.Equal((ScalarType.Bool, true), (tensor(true).ToScalar().Type, (bool)tensor(true)));
        Assert.False((bool)zeros(1) || zeros(1, int32).ToBoolean());
        Assert.Equal(5000000000L, (long)tensor(5000000000L));
        Assert.ThrowsAny<Exception>(() => (double)ones(2));
    }

    [Fact]
    public void Numbers_and_arrays_become_tensors()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] made = [true, (byte)7, 7, 7L, 7f, 7.0, (Scalar)7.0, (Scalar)(Half)7];
        Assert.Equal([@bool, uint8, int32, int64, float32, float64, float64, float16], made.Select(t => t.dtype));
        Assert.All(made, t => Assert.Equal([], t.shape));
        Assert.Equal([1, 7, 7, 7, 7, 7, 7, 7], made.Select(t => t.ToDouble()));
        Tensor[] arrays = [new[] { true, false }, new[] { 1, 0 }, new[] { 1L, 0 }, new[] { 1f, 0 }, new[] { 1.0, 0 }];
        Assert.Equal([@bool, int32, int64, float32, float64], arrays.Select(t => t.dtype));
        Assert.All(arrays, t => Assert.Equal([1, 0], Values.Of(t)));
        Tensor[] single = [tensor((byte)9), tensor((short)9), tensor((sbyte)9)];
        Assert.Equal([uint8, int16, int8], single.Select(t => t.dtype));
        Assert.All(single, t => Assert.Equal(9, t.ToInt32()));
    }

    [Fact]
    public void A_type_is_asked_for_by_name_by_example_and_with_a_device()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 1.75f, -2.5f }), example = zeros(1, int8);
        Values.Same(x.to_type(int8), x.to(int8), x.to(int8, CPU), x.to(example), x.type_as(example), x.@char());
        Assert.Equal([1, -2], Values.Of(x.@char()));
        Tensor copy = x.to(float32, copy: true);
        copy.zero_();
        Assert.Equal([1.75, -2.5], Values.Of(x));
        Assert.Equal(x.Handle, x.to(float32).Handle);
    }

    [Fact]
    public void A_tensor_becomes_a_parameter_and_a_stream()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 1f, 2, 3, 4 }, [2, 2]);
        using var stream = new MemoryStream();
        x.t().Save(stream);
        using var reader = new BinaryReader(new MemoryStream(stream.ToArray()));
        Values.Same(x.t(), TensorExtensionMethods.Load(reader));
        Parameter parameter = x.AsParameter();
        Assert.True(parameter.requires_grad);
        Assert.Equal([1, 2, 3, 4], Values.Of(parameter));
    }

    [Fact]
    public void A_long_tensor_is_converted_as_its_parts()
    {
        ScalarType[] types = [@bool, uint8, int8, int16, int32, int64, float32, float64, float16, bfloat16];
        foreach (ScalarType from in types)
        {
            foreach (ScalarType to in types)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor x = ((arange(30_001, float32) % 251 - 100) / 4).to_type(from);
                Tensor whole = x.to_type(to);
                for (long at = 0; at < 30_001; at += 997)
                    Values.Same(x[(int)at..(int)Math.Min(30_001, at + 997)].to_type(to), whole[(int)at..(int)Math.Min(30_001, at + 997)]);
            }
        }
    }

    [Fact]
    public void Names_of_types_and_their_sizes()
    {
        Assert.Equal([float32, float64, float16, int32, int64, int16], new[] { torch.@float, torch.@double, half, torch.@int, torch.@long, torch.@short });
        Assert.Equal([1, 1, 2, 4, 8, 2, 4, 8], new[] { @bool, uint8, int16, int32, int64, float16, float32, float64 }.Select(t => t.ElementSize()));
        Assert.True(torch.is_integral(int8) && torch.is_integral(int64) && !torch.is_integral(float16) && !torch.is_integral(float64));
        Assert.Equal(24, new long[] { 2, 3, 4 }.TotalSize());
        Assert.Equal(1, Enumerable.Empty<long>().TotalSize());
        Assert.Equal(float32, get_default_dtype());
    }
}
