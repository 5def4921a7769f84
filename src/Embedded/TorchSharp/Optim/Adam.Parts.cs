using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Adam
{
    /// <summary>A group's settings; null where the optimizer's apply.</summary>
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;
        public bool? amsgrad;
        public bool? maximize;

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            (beta1, beta2, eps, weight_decay, amsgrad, maximize) = (other.beta1, other.beta2, other.eps, other.weight_decay, other.amsgrad, other.maximize);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            beta1 = reader.ReadDouble();
            beta2 = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            amsgrad = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(beta1!.Value);
            writer.Write(beta2!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(amsgrad!.Value);
            writer.Write(maximize!.Value);
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup() => Options = new Options();

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options
            {
                LearningRate = lr,
                InitialLearningRate = lr,
                beta1 = beta1,
                beta2 = beta2,
                eps = eps,
                weight_decay = weight_decay,
                amsgrad = amsgrad,
                maximize = maximize,
            })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }

    /// <summary>The moving averages of one parameter's gradient and of its square.</summary>
    public class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor exp_avg = null!;
        public Tensor exp_avg_sq = null!;
        public Tensor? max_exp_avg_sq;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            exp_avg = Zeros();
            exp_avg_sq = Zeros();
            if (((Options)options).amsgrad == true) max_exp_avg_sq = Zeros();
        }

        public override void to(Device device) => base.to(device);

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State s && step == s.step && exp_avg.allclose(s.exp_avg) && exp_avg_sq.allclose(s.exp_avg_sq);

        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            step = reader.ReadInt64();
            exp_avg.Load(reader);
            exp_avg_sq.Load(reader);
            Load(reader, ref max_exp_avg_sq);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            using IDisposable mode = no_grad();
            exp_avg.copy_(other.exp_avg);
            exp_avg_sq.copy_(other.exp_avg_sq);
            Take(other.max_exp_avg_sq, ref max_exp_avg_sq);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.Write(step);
            exp_avg.Save(writer);
            exp_avg_sq.Save(writer);
            SaveConditionalStateTensor(writer, max_exp_avg_sq);
        }

        public void Dispose()
        {
            exp_avg.Dispose();
            exp_avg_sq.Dispose();
            max_exp_avg_sq?.Dispose();
            GC.SuppressFinalize(this);
        }
    }
}
