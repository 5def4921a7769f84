using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Printing;

public sealed class PrintingTests
{
    static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    [Fact]
    public void Metadata_and_single_numbers()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros(2, 3);
        Assert.Equal("[2x3], type = Float32, device = cpu", x.ToString());
        Assert.Equal(x.ToString(), x.metastr());
        Assert.Equal(x.ToString(), x.ToString(false));
        Assert.Equal("[], type = Int64, device = cpu", tensor(3L).ToString());
        Assert.Equal("[], type = Float32, device = cpu, value = 1.5", tensor(1.5f).jlstr(cultureInfo: Plain));
        Assert.Equal("[], type = Bool, device = cpu, value = True", tensor(true).cstr(cultureInfo: Plain));
        Assert.Equal("2.25", tensor(2.25).npstr(cultureInfo: Plain));
    }

    [Fact]
    public void Columns_are_aligned()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 1f, -2.5f, 30, 4 }, [2, 2]);
        Assert.Equal("[2x2], type = Float32, device = cpu\n  1 -2.5\n 30    4\n", x.jlstr(newLine: "\n", cultureInfo: Plain));
        Assert.Equal("[3], type = Int64, device = cpu\n 0 1 2\n", arange(3).str(newLine: "\n", cultureInfo: Plain, style: julia));
        Assert.Equal("[2x1x2], type = Int64, device = cpu\n[0,..,..] =\n 0 1\n\n[1,..,..] =\n 2 3\n", arange(4).view(2, 1, 2).jlstr(newLine: "\n"));
        Assert.Equal("[30], type = Int64, device = cpu\n 100000 100001 ...\n", (arange(30) + 100000).jlstr(width: 18, newLine: "\n"));
    }

    [Fact]
    public void Nested_brackets()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal("[[0, 1, 2]\n [3, 4, 5]]", arange(6).view(2, 3).npstr(newLine: "\n"));
        Assert.Equal("[0, 1, 2, ... 7, 8, 9]", arange(10).npstr());
        Assert.Equal("[[[0, 1]\n  [2, 3]]\n\n [[4, 5]\n  [6, 7]]]", arange(8).view(2, 2, 2).npstr(newLine: "\n"));
        Assert.Equal("[[0]\n [1]\n [2]\n ...\n [5]\n [6]\n [7]]", arange(8).view(8, 1).npstr(newLine: "\n"));
        Assert.Equal("[]", zeros(0).npstr());
        Assert.Equal("[2], type = Int64, device = cpu, value = long [] {1L, 2L}", tensor(new[] { 1L, 2 }).cstr());
        Assert.Equal("[2x2], type = Float32, device = cpu, value = \nfloat [,] {\n {0.5f, 1f},\n {2f, 3f}\n}", tensor(new[] { 0.5f, 1, 2, 3 }, [2, 2]).cstr(newLine: "\n", cultureInfo: Plain));
        Assert.Equal("[[0, 1]\n [2, 3]]", arange(4).view(2, 2).ToString(numpy, newLine: "\n"));
    }

    [Fact]
    public void Options_hold_until_they_are_changed()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 1f / 3, 2 });
        try
        {
            torch.TensorStringStyle = numpy;
            Assert.Equal(numpy, torch.TensorStringStyle);
            set_printoptions(2, newLine: "\n");
            Assert.Equal("[0.33, 2.00]", x.str(cultureInfo: Plain));
            set_printoptions(style: csharp, floatFormat: "g3", maxColumns: 2, maxRows: 2, linewidth: 80);
            Assert.Equal("[2], type = Float32, device = cpu, value = float [] {0.333f, 2f}", x.ToString(true, cultureInfo: Plain));
            set_printoptions(style: julia);
            Assert.Equal("[2], type = Float32, device = cpu\n 0.333 2\n", x.str(cultureInfo: Plain));
            Assert.Same(x, x.print());
            Assert.Throws<ArgumentException>(() => torch.TensorStringStyle = global::TorchSharp.TensorStringStyle.Default);
        }
        finally
        {
            set_printoptions(julia, "g5", 100, Environment.NewLine, 6, 6);
        }
    }

    [Fact]
    public void Lists()
    {
        using DisposeScope scope = NewDisposeScope();
        var rows = (System.Collections.ArrayList)arange(4).view(2, 2).tolist();
        Assert.Equal(3L, ((Scalar)((System.Collections.ArrayList)rows[1]!)[1]!).ToInt64());
        Assert.Equal(7, ((Scalar)tensor(7).tolist()).ToInt32());
    }
}
