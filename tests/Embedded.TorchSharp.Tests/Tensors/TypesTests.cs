using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;

public sealed class TypesTests
{
    /// <summary>PyTorch's own table, for two tensors with dimensions.</summary>
    [Fact]
    public void Types_are_promoted_by_PyTorchs_table()
    {
        ScalarType[] t = [uint8, int8, int16, int32, int64, float16, float32, float64, @bool, bfloat16];
        string[] rows = // uint8 int8 int16 int32 int64 half float double bool bfloat
        [
            "0 2 2 3 4 5 6 7 0 9", "2 1 2 3 4 5 6 7 1 9", "2 2 2 3 4 5 6 7 2 9", "3 3 3 3 4 5 6 7 3 9", "4 4 4 4 4 5 6 7 4 9",
            "5 5 5 5 5 5 6 7 5 6", "6 6 6 6 6 6 6 7 6 6", "7 7 7 7 7 7 7 7 7 7", "0 1 2 3 4 5 6 7 8 9", "9 9 9 9 9 6 6 7 9 9",
        ];
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < t.Length; i++)
            for (int j = 0; j < t.Length; j++)
            {
                ScalarType expected = t[int.Parse(rows[i].Split(' ')[j])];
                Assert.Equal(expected, promote_types(t[i], t[j]));
                Assert.Equal(expected, result_type(ones(2, t[i]), ones(2, t[j])));
                Assert.Equal(expected, (ones(2, t[i]) * ones(2, t[j])).dtype);
                Assert.Equal(t[i] == t[j] || expected != t[i] && Category(t[j]) > Category(t[i]) ? expected : t[i], result_type(ones(2, t[i]), tensor(1, t[j])));
            }

        static int Category(ScalarType type) => type == @bool ? 0 : torch.is_floating_point(type) ? 2 : 1;
    }

    static Tensor tensor(int value, ScalarType type) => full([], value, type);

    [Fact]
    public void Conversions_round_to_nearest_even()
    {
        using DisposeScope scope = NewDisposeScope();
        float[] values = [1, 1 + MathF.Pow(2, -9), 1 + MathF.Pow(2, -8), 1 + (3 * MathF.Pow(2, -8)), 65504, 65520, 70000, 1e-8f, float.NaN, float.NegativeInfinity, -0f];
        Tensor x = torch.tensor(values);
        Assert.Equal([1f, 1, 1, 1 + MathF.Pow(2, -6)], x.bfloat16().@float().data<float>().ToArray()[..4]);
        Assert.Equal(values.Select(v => (float)(Half)v), x.half().@float().data<float>().ToArray());
        Tensor h = x.half(), b = x.bfloat16();
        Assert.Equal((float)(Half)values[3], h.ReadCpuFloat16(3));
        Assert.Equal(1 + MathF.Pow(2, -6), b.ReadCpuBFloat16(3));
        Assert.Equal(float16, (h + 1).dtype);
        Assert.Equal(bfloat16, (b[..2] * b[..2]).dtype);
        Assert.Equal((Half)1.5f, torch.tensor(1.5f).ToHalf());
        Assert.Equal(bfloat16, 1.01f.ToBFloat16Scalar().Type);
        Assert.Equal(1.0078125f, 1.01f.ToBFloat16Scalar().ToSingle());
    }

    [Fact]
    public void What_a_whole_type_cannot_hold_is_as_in_libtorch()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (ScalarType from in new[] { float32, float64 })
        {
            Tensor x = torch.tensor(new[] { 300, -1, double.NaN, 1e20, -1e20, 3e9, -200.5, double.PositiveInfinity }).to_type(from);
            Assert.Equal([44, 255, 0, 0, 0, 0, 56, 0], x.to_type(uint8).data<byte>().ToArray());
            Assert.Equal([44, -1, 0, 0, 0, 0, 56, 0], x.to_type(int8).data<sbyte>().ToArray());
            Assert.Equal([300, -1, 0, 0, 0, 0, -200, 0], x.to_type(int16).data<short>().ToArray());
            Assert.Equal([300, -1, int.MinValue, int.MinValue, int.MinValue, int.MinValue, -200, int.MinValue], x.to_type(int32).data<int>().ToArray());
            Assert.Equal([300, -1, long.MinValue, long.MinValue, long.MinValue, 3000000000, -200, long.MinValue], x.to_type(int64).data<long>().ToArray());
        }
    }

    [Fact]
    public void A_number_that_a_type_does_not_hold_is_not_written()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros(2, uint8), h = zeros(2, float16), where = ones(2, @bool);
        foreach (Action act in new Action[] { () => x.fill_(300), () => full(2, 300, uint8), () => x.masked_fill(where, 300), () => x.masked_fill_(where, -300), () => x.index_fill(0, torch.tensor(new[] { 0L }), 300) })
            Assert.Equal("value cannot be converted to type uint8_t without overflow", Assert.Throws<ExternalException>(act).Message);
        Assert.Equal("value cannot be converted to type at::Half without overflow", Assert.Throws<ExternalException>(() => h.masked_fill(where, -1e9)).Message);
        Assert.Equal("value cannot be converted to type int without overflow", Assert.Throws<ExternalException>(() => zeros(1, int32).fill_(3000000000L)).Message);
        Assert.Equal([255, 255], x.fill_(-1).data<byte>().ToArray());
        Assert.Equal([44, 44], (zeros(2, uint8) + 300).data<byte>().ToArray());
        Assert.Equal([(Half)double.NegativeInfinity, (Half)double.NegativeInfinity], h.masked_fill(where, double.NegativeInfinity).data<Half>().ToArray());
        Assert.Equal([1, 1], zeros(2, int32).fill_(1.7).data<int>().ToArray());
    }

    [Fact]
    public void Numbers_and_arrays_convert_and_accessors_compare()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] made = [(sbyte)1, (short)1, new sbyte[] { 1 }, new byte[] { 1 }, new short[] { 1 }];
        Assert.Equal([int8, int16, int8, uint8, int16], made.Select(t => t.dtype));
        Assert.Equal((1, 1, 1), ((int)(sbyte)made[0], (int)(short)made[1], (int)(byte)made[3]));
        Tensor x = arange(6).view(2, 3);
        Assert.Equal(new long[,] { { 0, 1, 2 }, { 3, 4, 5 } }, (long[,])x.data<long>().ToNDArray());
        Assert.Equal(new long[,] { { 0, 3 }, { 1, 4 }, { 2, 5 } }, (long[,])x.t().data<long>().ToNDArray());
        Assert.True(x.data<long>() == x.clone().data<long>() && x.data<long>() != x.t().data<long>() && !x.data<long>().IsReadOnly);
        Assert.NotEqual(0, x.data<long>().GetHashCode());
    }

    [Fact]
    public void Elements_are_read_in_row_major_order()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(6).view(2, 3).t();
        Assert.Equal(3L, x.ReadCpuInt64(1));
        Assert.Equal(3L, x.ReadCpuValue<long>(1));
        Assert.Equal(3, x.@int().ReadCpuInt32(1));
        Assert.Equal((short)3, x.@short().ReadCpuInt16(1));
        Assert.Equal((sbyte)3, x.to_type(int8).ReadCpuSByte(1));
        Assert.Equal((byte)3, x.@byte().ReadCpuByte(1));
        Assert.Equal(3f, x.@float().ReadCpuSingle(1));
        Assert.Equal(3.0, x.@double().ReadCpuDouble(1));
        Assert.True(x.@bool().ReadCpuBool(1));
        Assert.Throws<ArgumentException>(() => x.ReadCpuSingle(0));
        Assert.Throws<ArgumentException>(() => x.ReadCpuBFloat16(0));
        Assert.Throws<IndexOutOfRangeException>(() => x.ReadCpuInt64(6));
        Assert.Equal("Single is not compatible with Int64", Assert.Throws<ArgumentException>(() => x.data<float>()).Message);
        Assert.Equal((3, 3, 3), (torch.tensor(3).ToSByte(), torch.tensor(3).ToInt16(), ((Scalar)3).ToInt16()));
        Assert.Equal((3, 3, (Half)3), (((Scalar)3).ToByte(), ((Scalar)3).ToSByte(), ((Scalar)3).ToHalf()));
        Assert.Equal([int8, int16, float16], new[] { ((sbyte)1).ToScalar(), ((short)1).ToScalar(), ((Half)1).ToScalar() }.Select(s => s.Type));
        Assert.Equal([3, 2], x.IntShape().ToArray());
        Assert.Equal(2.5f, 2.5f.ToTensor().item<float>());
        Assert.Equal([2, 2], new[] { 1, 2, 3, 4 }.ToTensor([2, 2]).shape);
    }

    [Fact]
    public void Questions_about_tensors_and_types()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3);
        Assert.True(is_tensor(x) && torch.is_floating_point(x) && torch.is_integral(ones(1, int32)) && !is_tensor("x"));
        Assert.Equal(3, numel(x));
        Assert.True(torch.clone(x).Equals(x));
        Assert.True(can_cast(int64, float32) && can_cast(float64, float16) && !can_cast(float32, int64) && !can_cast(int32, @bool) && can_cast(@bool, uint8));
        Assert.Equal((32, 1.1920928955078125e-07, 3.4028234663852886e+38, 1.1754943508222875e-38), (finfo().bits, finfo().eps, finfo().max, finfo().tiny));
        Assert.Equal((0.0009765625, 65504.0, 0.001), (finfo(float16).eps, -finfo(float16).min, finfo(float16).resolution));
        Assert.Equal(finfo(bfloat16).tiny, finfo(bfloat16).smallest_normal);
        Assert.Equal(2.220446049250313e-16, finfo(float64).eps);
        Assert.Throws<ArgumentException>(() => finfo(int32));
        Assert.Equal([float32, float64, int32, int64, int16, uint8, @bool], new[] { FloatTensor(x), DoubleTensor(x), IntTensor(x), LongTensor(x), ShortTensor(x), ByteTensor(x), BoolTensor(x) }.Select(t => t.dtype));
        Assert.True(torch.tensor(2).is_nonzero() && !is_nonzero(zeros(1)));
        Assert.Equal("Boolean value of Tensor with more than one value is ambiguous", Assert.Throws<ExternalException>(() => x.is_nonzero()).Message);
        Assert.True(!x.is_meta && !x.is_sparse && !x.is_pinned() && x.to_dense().Equals(x));
        Assert.Throws<ArgumentException>(() => set_default_dtype(int32));
        try
        {
            set_default_tensor_type(ones(1, float64));
            Assert.Equal(float64, ones(1).dtype);
        }
        finally
        {
            set_default_dtype(float32);
        }
    }

    [Fact]
    public void Devices()
    {
        Assert.Equal("cuda:1", new Device(1).ToString());
        Assert.Equal("cuda:1", device(1).ToString());
        Assert.Equal(("cuda", "mps", "meta", "cuda:0"), (new Device("cuda").ToString(), new Device("mps").ToString(), META.ToString(), new Device("cuda", 0).ToString()));
        Assert.False(cuda_is_available() || mps_is_available() || TryInitializeDeviceType(DeviceType.CUDA));
        Assert.True(TryInitializeDeviceType(DeviceType.CPU));
        InitializeDeviceType(DeviceType.CPU);
        Assert.Equal(DeviceType.CPU, InitializeDevice(null!).type);
        Assert.Equal(DeviceType.CPU, InitializeDevice(CPU).type);
        Assert.StartsWith("Torch device type CUDA did not initialise on the current machine.", Assert.Throws<InvalidOperationException>(() => zeros(1, device: new Device("cuda"))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => InitializeDeviceType(DeviceType.CUDA));
        Assert.Throws<InvalidOperationException>(() => set_default_device("cuda"));
        set_default_device(CPU);
        set_default_device("cpu");
        Assert.Equal(DeviceType.CPU, get_default_device().type);
    }

    [Fact]
    public void Sizes_are_lists_of_lengths()
    {
        Size s = (2L, 3L, 4L);
        Assert.Equal((3, 24L, 3L, 4L, false, false), (s.Length, s.numel(), s[1], s[2L], s.IsEmpty, s.IsScalar));
        Assert.Equal([3L, 4], s.Slice(1, 3).Shape);
        Assert.Equal([2L, 3], s.Slice(0, -1).Shape);
        Assert.Equal([2L], s.Take(1));
        Assert.Equal([2L, 3, 4, 5], (s + new long[] { 5 }).Shape);
        Assert.Equal([5L, 2, 3, 4], ((Size)5L + s).Shape);
        Assert.True(s == new Size((2, 3, 4)) && s != Size.Empty && s.Equals(new Size([2L, 3, 4])) && s.GetHashCode() == new Size((2, 3, 4)).GetHashCode());
        Assert.True(Size.Empty.IsScalar && Size.Empty.IsEmpty);
        Size[] all = [(1L, 2L), (1L, 2L, 3L), (1L, 2L, 3L, 4L), (1L, 2L, 3L, 4L, 5L), (1L, 2L, 3L, 4L, 5L, 6L), new long[] { 7 }, new(3), new(3L), new((1, 2)), new((1, 2, 3)), new((1, 2, 3, 4)), new((1, 2, 3, 4, 5)), new((1, 2, 3, 4, 5, 6)), new((1L, 2L)), new((1L, 2L, 3L)), new((1L, 2L, 3L, 4L)), new((1L, 2L, 3L, 4L, 5L)), new((1L, 2L, 3L, 4L, 5L, 6L)), new(new[] { 1, 2 }), new(new List<long> { 4 })];
        Assert.Equal([2, 3, 4, 5, 6, 1, 1, 1, 2, 3, 4, 5, 6, 2, 3, 4, 5, 6, 2, 1], all.Select(x => x.Length));
        Assert.Equal([2L, 3, 4], s.ToArray());
    }
}
