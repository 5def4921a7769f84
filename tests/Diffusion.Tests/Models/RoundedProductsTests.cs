using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Tests.Models;

/// <summary>Training with products in bfloat16: near float32's gradients, in float32, and gone when it's over.</summary>
public sealed class RoundedProductsTests
{
    static readonly long[] Ids = [0, 5, 6, 7, 39, 39, 2, 0, 9, 39, 2, 1, 1, 1], Targets = [8, 20, 11];

    static Tensor Loss(LanguageModel model)
    {
        using var scope = NewDisposeScope();
        var hidden = model.HiddenRows(tensor(Ids, [2, 7]), tensor(AttentionMasks.Tokens([7, 4], 7), [2, 7]), tensor(new long[] { 4, 5, 9 }),
            new([7, 4], [3, 2]));
        return F.cross_entropy(model.Logits(hidden).to(float32), tensor(Targets)).MoveToOuterDisposeScope();
    }

    static Dictionary<string, float[]> Gradients(LanguageModel model, int batches = 1)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in model.Named.Values) parameter.grad = null;
        for (int i = 0; i < batches; i++) Loss(model).backward();
        return model.Named.ToDictionary(p => p.Key, p => p.Value.grad!.data<float>().ToArray());
    }

    static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(v => (double)v * v));

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void Gradients_are_near_those_of_float32(string architecture)
    {
        using var model = Golden.Small(architecture: architecture);
        model.train();
        var exact = Gradients(model);
        using var rounded = model.RoundProducts();
        var near = Gradients(model);
        double all = Norm(exact.Values.SelectMany(g => g)), off = Norm(exact.SelectMany(p => p.Value.Zip(near[p.Key], (x, y) => x - y)));
        Assert.InRange(off / all, 1e-5, 3e-2);
    }

    [Fact]
    public void Weights_are_rounded_as_they_are_when_it_begins_and_are_themselves_again_when_it_ends()
    {
        using var model = Golden.Small();
        model.train();
        using var scope = NewDisposeScope();
        float exact = Loss(model).item<float>(), rounded;
        using (model.RoundProducts())
        {
            rounded = Loss(model).item<float>();
            using (no_grad()) model.Named["roberta.encoder.layer.0.output.dense.weight"].mul_(2);
            Assert.Equal(rounded, Loss(model).item<float>());
        }
        Assert.NotEqual(exact, rounded);
        using (no_grad()) model.Named["roberta.encoder.layer.0.output.dense.weight"].div_(2);
        Assert.Equal(exact, Loss(model).item<float>());
    }

    [Fact]
    public void Batches_of_one_step_add_up_their_gradients()
    {
        using var model = Golden.Small();
        model.train();
        using var rounded = model.RoundProducts();
        var one = Gradients(model);
        foreach (var (name, gradient) in Gradients(model, batches: 2))
            Assert.Equal(one[name].Select(g => 2 * g), gradient,
                (x, y) => Math.Abs(x - y) <= 1e-6f * (1 + Math.Abs(x))); // words' rows are added up one by one
    }
}
