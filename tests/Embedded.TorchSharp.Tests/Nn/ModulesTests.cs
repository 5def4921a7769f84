using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

public sealed class ModulesTests
{
    sealed class Block : nn.Module<Tensor, Tensor>
    {
        readonly Linear inner = nn.Linear(3, 3);
        [ComponentName(Name = "gain")] readonly Parameter factor = new(ones(3));
        readonly Tensor counts = zeros(2);

        public Block() : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input) => inner.call(input) * factor + counts.sum();
    }

    sealed class Model : nn.Module<Tensor, Tensor, Tensor>
    {
        readonly Embedding words = nn.Embedding(7, 3, 1);
        readonly ModuleList<Block> layers = nn.ModuleList(new Block(), new Block());
        readonly Dropout dropout = nn.Dropout(0.5);
        readonly Sequential head = nn.Sequential(("dense", nn.Linear(3, 3)), ("act", nn.GELU()));

        public Model() : base(nameof(Model)) => RegisterComponents();

        public Linear Tied()
        {
            var output = nn.Linear(3, 7, false);
            output.weight = words.weight;
            register_module("output", output);
            return output;
        }

        public override Tensor forward(Tensor ids, Tensor shift)
        {
            Tensor x = dropout.call(words.call(ids)) + shift;
            foreach (Block layer in layers) x = layer.call(x);
            return head.call(x);
        }
    }

    [Fact]
    public void Fields_are_named_by_path()
    {
        using var model = new Model();
        Assert.Equal(
            ["words.weight", "layers.0.gain", "layers.0.inner.weight", "layers.0.inner.bias", "layers.1.gain", "layers.1.inner.weight", "layers.1.inner.bias", "head.dense.weight", "head.dense.bias"],
            model.named_parameters().Select(p => p.name));
        Assert.Equal(["layers.0.counts", "layers.1.counts"], model.named_buffers().Select(b => b.name));
        Assert.Equal(11, model.state_dict().Count);
        Assert.Equal([0f, 0, 0], model.get_parameter("words.weight")![1].data<float>().ToArray());
    }

    [Fact]
    public void A_shared_parameter_is_named_once_and_collects_both_gradients()
    {
        using var model = new Model();
        int before = model.parameters().Count();
        Linear output = model.Tied();
        Assert.Equal(before, model.parameters().Count());
        using DisposeScope scope = NewDisposeScope();
        model.eval();
        Tensor ids = tensor(new long[] { 2, 3 });
        output.call(model.call(ids, zeros(3))).sum().backward();
        Tensor gradient = model.get_parameter("words.weight")!.grad!;
        Assert.NotEqual(0f, gradient[5].abs().sum().item<float>()); // by the output alone
        Assert.NotEqual(gradient[5].sum().item<float>(), gradient[2].sum().item<float>());
    }

    [Fact]
    public void Training_and_evaluation_reach_every_module()
    {
        using var model = new Model();
        model.eval();
        Assert.All(model.modules(), m => Assert.False(m.training));
        using DisposeScope scope = NewDisposeScope();
        Tensor ids = tensor(new long[] { 2, 3 }), a = model.call(ids, zeros(3)), b = model.call(ids, zeros(3));
        Assert.True(a.Equals(b));
        model.train();
        Assert.All(model.modules(), m => Assert.True(m.training));
    }

    [Fact]
    public void States_load_into_another_model()
    {
        using Model a = new(), b = new();
        b.load_state_dict(a.state_dict());
        foreach ((string name, Tensor t) in b.state_dict()) Assert.True(t.Equals(a.state_dict()[name]), name);
        Dictionary<string, Tensor> broken = a.state_dict();
        broken.Remove("words.weight");
        Assert.Throws<InvalidOperationException>(() => b.load_state_dict(broken));
        (IList<string> missing, _) = b.load_state_dict(broken, strict: false);
        Assert.Equal(["words.weight"], missing);
    }

    [Fact]
    public void Modules_made_in_a_scope_outlive_it()
    {
        Model model;
        using (NewDisposeScope()) model = new Model();
        Assert.All(model.parameters(), p => Assert.False(p.IsInvalid));
        Assert.All(model.buffers(), p => Assert.False(p.IsInvalid));
        model.to(float64);
        Assert.All(model.parameters(), p => Assert.Equal(float64, p.dtype));
        model.Dispose();
        Assert.All(model.buffers(), p => Assert.True(p.IsInvalid));
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void An_optimizer_resumes_bit_for_bit(string kind)
    {
        using var saved = new MemoryStream();
        float[] whole = Run(kind, 6, null, saved), resumed = Run(kind, 6, saved, null);
        Assert.Equal(whole, resumed);
    }

    /// <summary>Six steps in one go, saving after three; or the last three, from what was saved.</summary>
    static float[] Run(string kind, int steps, MemoryStream? from, MemoryStream? to)
    {
        using DisposeScope scope = NewDisposeScope();
        var x = new Parameter(arange(5, float32));
        using OptimizerHelper optimizer = kind switch
        {
            "adamw" => optim.AdamW([x], 0.1, weight_decay: 0.01),
            "adam" => optim.Adam([x], 0.1, amsgrad: true),
            _ => optim.SGD([x], 0.1, 0.9, nesterov: true),
        };
        int first = 0;
        if (from is not null)
        {
            from.Position = 0;
            var reader = new BinaryReader(from);
            using (no_grad()) x.Load(reader);
            optimizer.load_state_dict(reader);
            first = 3;
        }
        for (int step = first; step < steps; step++)
        {
            if (step == 3 && to is not null)
            {
                var writer = new BinaryWriter(to);
                x.Save(writer);
                optimizer.save_state_dict(writer);
            }
            foreach (optim.ILearningRateController group in optimizer.ParamGroups) group.LearningRate = 0.1 / (1 + step);
            optimizer.zero_grad();
            (x * x * x).sum().backward();
            optimizer.step();
        }
        return x.data<float>().ToArray();
    }

    [Fact]
    public void Clipping_gives_the_norm_and_scales_to_the_limit()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter a = new(zeros(1)), b = new(zeros(2));
        a.grad = tensor(new[] { 3f });
        b.grad = tensor(new[] { 0f, 4f });
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-6);
        Assert.Equal(0.6f, a.grad!.item<float>(), 1e-5f);
        Assert.Equal(1, nn.utils.clip_grad_norm_([a, b], 10), 1e-5);
    }

    [Fact]
    public void First_values_have_the_spread_they_should()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(8);
        var linear = nn.Linear(100, 200);
        Assert.InRange(linear.weight.abs().max().item<float>(), 0.099f, 0.1f);
        Assert.InRange(linear.bias!.abs().max().item<float>(), 0.09f, 0.1f);
        Tensor t = nn.init.trunc_normal_(empty(20000), std: 0.02, a: -0.04, b: 0.04);
        Assert.InRange(t.abs().max().item<float>(), 0.0395f, 0.04f);
        Assert.InRange(t.std().item<float>(), 0.016f, 0.019f);
        Assert.InRange(nn.init.xavier_uniform_(empty(50, 70)).abs().max().item<float>(), 0.21f, MathF.Sqrt(6f / 120));
    }
}
