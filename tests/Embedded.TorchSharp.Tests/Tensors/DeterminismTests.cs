using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;

/// <summary>A row's numbers depend on the row alone, and on no number of threads: to the last bit.</summary>
[Collection(nameof(Memory.Alone))]
public sealed class DeterminismTests
{
    static void SameBits(Tensor expected, Tensor actual)
    {
        int[] e = expected.contiguous().data<float>().ToArray().Select(BitConverter.SingleToInt32Bits).ToArray();
        int[] a = actual.contiguous().data<float>().ToArray().Select(BitConverter.SingleToInt32Bits).ToArray();
        Assert.Equal(e, a);
    }

    [Theory]
    [InlineData(1, 7, 24, 40)]
    [InlineData(3, 33, 64, 48)]
    [InlineData(8, 20, 128, 513)]
    public void A_row_alone_is_the_row_in_its_batch(long batch, long length, long width, long outputs)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        manual_seed(5);
        Tensor x = randn(batch, length, width), w = randn(outputs, width), b = randn(outputs), gamma = randn(width), beta = randn(width);
        Tensor linear = F.linear(x, w, b), norm = F.layer_norm(x, [width], gamma, beta), gelu = F.gelu(x), soft = x.softmax(-1), sums = x.sum(-1);
        for (int i = 0; i < batch; i++)
        {
            Tensor row = x[i, length / 2].unsqueeze(0);
            SameBits(linear[i, length / 2].unsqueeze(0), F.linear(row, w, b));
            SameBits(norm[i, length / 2].unsqueeze(0), F.layer_norm(row, [width], gamma, beta));
            SameBits(gelu[i, length / 2].unsqueeze(0), F.gelu(row));
            SameBits(soft[i, length / 2].unsqueeze(0), row.softmax(-1));
            SameBits(sums[i, length / 2].unsqueeze(0), row.sum(-1));
        }
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(13, 21)]
    [InlineData(30, 97)]
    public void Attention_does_not_see_padding_nor_neighbours(int length, int padded)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        manual_seed(6);
        Tensor q = randn(3, 2, padded, 16), k = randn(3, 2, padded, 16), v = randn(3, 2, padded, 16);
        Tensor mask = ones(3, 1, 1, padded, @bool);
        mask[TensorIndex.Single(1), TensorIndex.Ellipsis, TensorIndex.Slice(length)] = false;
        Tensor together = F.scaled_dot_product_attention(q, k, v, mask)[1].narrow(1, 0, length);
        Tensor Own(Tensor t) => t[1].unsqueeze(0).narrow(2, 0, length);
        Tensor alone = F.scaled_dot_product_attention(Own(q), Own(k), Own(v))[0];
        SameBits(together, alone);
        Tensor additive = zeros(3, 1, 1, padded).masked_fill(mask.logical_not(), double.NegativeInfinity);
        SameBits(together, F.scaled_dot_product_attention(q, k, v, additive)[1].narrow(1, 0, length));
    }

    [Theory]
    [InlineData(5, 9)]
    [InlineData(31, 70)]
    [InlineData(64, 65)]
    public void Attention_drops_the_same_whatever_the_padding(int length, int padded)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Tensor q = randn(2, 3, padded, 16), k = randn(2, 3, padded, 16), v = randn(2, 3, padded, 16);
        Tensor seen = arange(padded).lt(length).view(1, 1, 1, padded);
        Tensor Cut(Tensor t) => t.narrow(2, 0, length);
        manual_seed(4);
        Tensor whole = F.scaled_dot_product_attention(q, k, v, seen, 0.3), after = F.dropout(ones(100), 0.5);
        manual_seed(4);
        SameBits(Cut(whole).contiguous(), F.scaled_dot_product_attention(Cut(q), Cut(k), Cut(v), p: 0.3).contiguous());
        SameBits(after, F.dropout(ones(100), 0.5)); // nor does what is drawn next
    }

    [Fact]
    public void One_thread_and_two_give_the_same()
    {
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            float[] one = Step();
            set_num_threads(2);
            float[] two = Step();
            Assert.Equal(one.Select(BitConverter.SingleToInt32Bits), two.Select(BitConverter.SingleToInt32Bits));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    static float[] Step()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(11);
        const int B = 6, N = 40, D = 64, H = 4, V = 300;
        var embedding = nn.Embedding(V, D);
        var project = nn.Linear(D, 3 * D);
        var norm = nn.LayerNorm(D);
        var optimizer = optim.AdamW([embedding.weight, project.weight, project.bias!, norm.weight!, norm.bias!], 1e-2);
        Tensor ids = randint(V, [B, N]);
        for (int step = 0; step < 2; step++)
        {
            optimizer.zero_grad();
            Tensor x = embedding.call(ids);
            Tensor[] parts = project.call(x).view(B, N, 3, H, D / H).permute(2, 0, 3, 1, 4).unbind(0);
            Tensor y = F.scaled_dot_product_attention(parts[0], parts[1], parts[2], p: 0.1).transpose(1, 2).reshape(B, N, D);
            y = norm.call(x + F.dropout(F.gelu(y), 0.2));
            F.cross_entropy(F.linear(y.view(B * N, D), embedding.weight), ids.view(B * N), label_smoothing: 0.1).backward();
            nn.utils.clip_grad_norm_([embedding.weight, project.weight], 0.5);
            optimizer.step();
        }
        return [.. embedding.weight.data<float>().ToArray(), .. project.weight.data<float>().ToArray(), .. norm.bias!.data<float>().ToArray()];
    }

    [Fact]
    public void Seeds_and_states_repeat_random_numbers()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(9);
        Tensor state = generator.get_state(), a = randn(5, generator: generator), b = rand(1000, generator: generator);
        generator.set_state(state);
        SameBits(a, randn(5, generator: generator));
        SameBits(b, rand(1000, generator: generator));
        Assert.InRange(b.mean().item<float>(), 0.45f, 0.55f);
        manual_seed(4);
        Tensor dropped = F.dropout(ones(10000), 0.3);
        manual_seed(4);
        SameBits(dropped, F.dropout(ones(10000), 0.3));
        Assert.InRange(dropped.eq(0).sum().item<long>(), 2800, 3200);
        Assert.InRange(randn(100000, generator: generator).std().item<float>(), 0.98f, 1.02f);
    }
}
