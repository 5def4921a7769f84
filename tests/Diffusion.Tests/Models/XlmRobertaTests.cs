using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Tests.Models;

[Collection(GlobalRandomStream.Name)]
public sealed class XlmRobertaTests
{
    [Fact]
    public void Logits_agree_with_the_reference_at_attended_positions()
    {
        using var checkpoint = Golden.Load();
        using var golden = Golden.Tensors("forward.safetensors");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var (ids, attended) = Inputs(golden);
        var logits = checkpoint.Model.Logits(checkpoint.Model.Hidden(ids, attended).view(-1, 48));
        float[] found = logits.data<float>().ToArray(), expected = golden.ReadFloats("logits");
        long[] mask = golden.ReadLongs("attention_mask");
        for (int i = 0; i < found.Length; i++)
            if (mask[i / 120] == 1) Assert.Equal(expected[i], found[i], 1e-4f);
    }

    [Fact]
    public void The_loss_and_the_gradient_norm_of_every_parameter_agree_with_the_reference()
    {
        using var checkpoint = Golden.Load();
        using var golden = Golden.Tensors("forward.safetensors");
        using var scope = NewDisposeScope();
        var (ids, attended) = Inputs(golden);
        var logits = checkpoint.Model.Logits(checkpoint.Model.Hidden(ids, attended).view(-1, 48));
        var loss = F.cross_entropy(logits, tensor(golden.ReadLongs("labels")), ignore_index: -100);
        loss.backward();
        var expected = Golden.Json("forward.json");
        Assert.Equal(1, loss.item<float>() / (double)expected["loss"]!, 1e-5);
        var norms = expected["gradient_norms"]!.AsObject();
        Assert.Equal(norms.Select(n => n.Key).Order(), checkpoint.Model.named_parameters().Select(p => p.name).Order());
        foreach (var (name, parameter) in checkpoint.Model.Named)
        {
            double norm = parameter.grad!.square().sum().sqrt().item<float>(), wanted = (double)norms[name]!;
            // The keys' bias has no influence on the loss; its gradient is rounding alone.
            Assert.True(Math.Abs(norm - wanted) <= 1e-3 * wanted + 1e-6, $"{name}: {norm}, expected {wanted}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_alone_are_the_rows_of_all(bool pairwise)
    {
        using var model = Golden.Small();
        model.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        int[] lengths = [7, 4];
        long[] ids = [0, 5, 6, 7, 39, 39, 2, 0, 9, 39, 2, 1, 1, 1];
        var seen = AttentionMasks.Of(pairwise ? AttentionStrategy.Prefix : AttentionStrategy.Full, ids, lengths, [3, 2]);
        var x = tensor(ids, [2, 7]);
        var rows = tensor(new long[] { 1, 4, 5, 9 });
        var all = model.Hidden(x, seen).view(-1, 16).index_select(0, rows);
        Assert.Equal(all.data<float>().ToArray(), model.HiddenRows(x, seen, rows).data<float>().ToArray());
    }

    [Fact]
    public void A_row_does_not_depend_on_its_neighbours_or_on_padding()
    {
        using var model = Golden.Small();
        model.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var alone = model.Hidden(tensor(new long[] { 0, 9, 39, 2 }, [1, 4]), ones([1, 4], dtype: @bool));
        var together = model.Hidden(
            tensor(new long[] { 0, 5, 6, 7, 39, 39, 2, 0, 9, 39, 2, 1, 1, 1 }, [2, 7]),
            tensor(AttentionMasks.Tokens([7, 4], 7), [2, 7]));
        Assert.Equal(alone.data<float>().ToArray(), together.select(0, 1).narrow(0, 0, 4).contiguous().data<float>().ToArray());
    }

    [Fact]
    public void A_new_model_is_a_function_of_its_seed()
    {
        using XlmRoberta one = Golden.Small(), two = Golden.Small(), other = Golden.Small();
        other.Initialise(4);
        foreach (var (name, parameter) in one.Named)
        {
            float[] values = parameter.data<float>().ToArray();
            Assert.Equal(values, two.Named[name].data<float>().ToArray());
            bool norm = name.Contains("LayerNorm") || name.Contains("layer_norm");
            if (norm) Assert.All(values, v => Assert.Equal(name.EndsWith("weight") ? 1 : 0, v));
            else if (name.EndsWith("bias")) Assert.All(values, v => Assert.Equal(0, v));
            else
            {
                Assert.NotEqual(values, other.Named[name].data<float>().ToArray());
                Assert.InRange(Math.Sqrt(values.Average(v => (double)v * v)) / one.Config.InitializerRange, 0.6, 1.4);
            }
        }
    }

    [Theory]
    [InlineData(768, 0.0228)]
    [InlineData(128, 0.0559)]
    public void Narrow_models_start_with_larger_weights(int hiddenSize, double range) =>
        Assert.Equal(range, new NewModelSpec { HiddenSize = hiddenSize }.InitializerRange);

    [Fact]
    public void Dropout_is_on_in_training_alone_and_follows_the_seed()
    {
        using var model = Golden.Small(dropout: 0.5);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var x = tensor(new long[] { 0, 9, 39, 2 }, [1, 4]);
        float[] Run(bool training, long seed)
        {
            model.train(training);
            manual_seed(seed);
            return model.Hidden(x, ones([1, 4], dtype: @bool)).data<float>().ToArray();
        }
        Assert.Equal(Run(false, 1), Run(false, 2));
        Assert.Equal(Run(true, 1), Run(true, 1));
        Assert.NotEqual(Run(true, 1), Run(true, 2));
    }

    [Fact]
    public void A_canvas_beyond_the_positions_is_refused()
    {
        using var model = Golden.Small();
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => model.Hidden(zeros([1, 33], dtype: int64), ones([1, 33], dtype: @bool)));
    }

    static (Tensor Ids, Tensor Attended) Inputs(Diffusion.Checkpoints.SafeTensorsReader golden) =>
        (tensor(golden.ReadLongs("input_ids"), [3, 17]), tensor(golden.ReadLongs("attention_mask"), [3, 17]).to(@bool));
}
