using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class ASGD
{
    /// <summary>A group's settings; null where the optimizer's apply.</summary>
    public class Options : OptimizerOptions
    {
        public bool? maximize;
        public double? lambd;
        public double? alpha;
        public double? weight_decay;
        public double? t0;

        internal static Options Of(double lr, double lambd, double alpha, double t0, double weight_decay, bool? maximize) => new()
        {
            Rate = lr,
            maximize = maximize,
            lambd = lambd,
            alpha = alpha,
            weight_decay = weight_decay,
            t0 = t0,
        };

        internal override void Visit(OptionVisitor visitor)
        {
            visitor.On(ref maximize);
            visitor.On(ref lambd);
            visitor.On(ref alpha);
            visitor.On(ref weight_decay);
            visitor.On(ref t0);
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>
    {
        public ParamGroup() => Options = new Options();

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 1e-4, double alpha = 0.75, double t0 = 1e6, double weight_decay = 0)
            : base(parameters, Options.Of(lr, lambd, alpha, t0, weight_decay, null))
        {
        }
    }

    /// <summary>What is kept of one parameter.</summary>
    public class State : OptimizerState, IDisposable
    {
        public long step;
        public double eta;
        public double mu;
        public Tensor ax = null!;

        public State(Parameter parameter) : base(parameter)
        {
        }

        internal override void Visit(StateVisitor visitor)
        {
            visitor.On(ref step);
            visitor.On(ref eta);
            visitor.On(ref mu);
            visitor.On(ref ax);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            eta = options.LearningRate!.Value;
            mu = 1;
            Fresh(ref ax!);
        }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }
    }
}
