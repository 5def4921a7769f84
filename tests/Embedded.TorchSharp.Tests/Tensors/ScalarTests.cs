using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;

public sealed class ScalarTests
{
    [Fact]
    public void A_number_keeps_its_type()
    {
        Scalar[] made = [true, (byte)200, (sbyte)-3, (short)-300, 70000, 5000000000L, 1.5f, 2.5, (Half)0.5];
        ScalarType[] types = [ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float32, ScalarType.Float64, ScalarType.Float16];
        Assert.Equal(types, made.Select(s => s.Type));
        Assert.Equal([1, 200, -3, -300, 70000, 5e9, 1.5, 2.5, 0.5], made.Select(s => s.ToDouble()));
        Scalar[] called = [true.ToScalar(), ((byte)200).ToScalar(), 70000.ToScalar(), 5000000000L.ToScalar(), 1.5f.ToScalar(), 2.5.ToScalar()];
        Assert.Equal([ScalarType.Bool, ScalarType.Byte, ScalarType.Int32, ScalarType.Int64, ScalarType.Float32, ScalarType.Float64], called.Select(s => s.Type));
        Assert.Equal([1, 200, 70000, 5e9, 1.5, 2.5], called.Select(s => s.ToDouble()));
    }

    [Fact]
    public void A_number_is_read_as_a_truth_value()
    {
        Assert.True(((Scalar)0.25).ToBoolean() && ((Scalar)(-1)).ToBoolean() && ((Scalar)true).ToBoolean());
        Assert.False(((Scalar)0.0).ToBoolean() || ((Scalar)0L).ToBoolean() || ((Scalar)false).ToBoolean());
    }

    [Fact]
    public void A_disposed_number_still_reads()
    {
        Scalar one = 1;
        one.Dispose();
        one.Dispose();
        Assert.Equal(1.0, one.ToDouble());
    }
}
