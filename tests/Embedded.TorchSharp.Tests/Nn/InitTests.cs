using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

public sealed class InitTests
{
    [Fact]
    public void An_orthogonal_matrix_keeps_lengths()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((int rows, int columns) in new[] { (5, 3), (3, 5), (4, 4) })
        {
            Tensor q = nn.init.orthogonal_(empty(rows, columns, float64), 2);
            Tensor product = rows >= columns ? q.t().matmul(q) : q.matmul(q.t());
            Tensor unit = nn.init.eye_(empty(Math.Min(rows, columns), Math.Min(rows, columns), float64));
            Assert.True(product.allclose(unit * 4, 1e-9, 1e-9));
        }
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => nn.init.orthogonal_(empty(3)));
    }

    [Fact]
    public void Sparse_columns_have_so_many_zeros()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor s = nn.init.sparse_(empty(10, 4), 0.35, 0.5);
        Assert.Equal([4L, 4, 4, 4], s.eq(0).sum(0L).data<long>().ToArray());
    }

    [Fact]
    public void Dirac_kernels_give_the_input_back()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn(2, 3, 6), kernel = nn.init.dirac_(empty(3, 3, 3));
        Assert.True(nn.functional.conv1d(x, kernel, padding: 1).allclose(x));
        Assert.True(nn.functional.conv1d_padding(x, kernel, padding: Padding.Same).allclose(x));
        Assert.Equal([2L, 3, 4], nn.functional.conv1d_padding(x, kernel).shape);
    }

    [Fact]
    public void Other_names_of_Xavier()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(1);
        Tensor even = nn.init.glorot_uniform_(empty(200, 100)), normal = nn.init.glorot_normal_(empty(200, 100), 2);
        Assert.True(even.abs().max().item<float>() <= Math.Sqrt(6.0 / 300));
        Assert.InRange(normal.std().item<float>() / (2 * Math.Sqrt(2.0 / 300)), 0.98, 1.02);
    }

    [Fact]
    public void Parameters_as_one_vector_and_back()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear linear = nn.Linear(2, 3);
        Tensor vector = nn.utils.parameters_to_vector(linear.parameters());
        Assert.Equal([9L], vector.shape);
        Assert.True(vector[..6].Equals(linear.weight.flatten()));
        nn.utils.vector_to_parameters(arange(9, float32), linear.parameters());
        Assert.Equal([6f, 7, 8], linear.bias!.data<float>().ToArray());
        Assert.True(linear.weight.requires_grad && linear.weight.is_leaf);
    }
}
