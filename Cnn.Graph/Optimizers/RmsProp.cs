using Cnn.Graph.Ir;

namespace Cnn.Graph.Optimizers;

internal sealed record RmsProp : Optimizer
{
    public RmsProp(double learningRate, double decay, double epsilon, double momentum, double weightDecay, bool isTensorFlow, double initialMeanSquare)
        : base(learningRate, weightDecay)
    {
        Decay = RequireShare(decay);
        Epsilon = RequirePositive(epsilon);
        Momentum = RequireShare(momentum);
        IsTensorFlow = isTensorFlow;
        InitialMeanSquare = Require(initialMeanSquare, initialMeanSquare >= 0 && double.IsFinite(initialMeanSquare), "a finite number of at least 0");
    }

    public double Decay { get; }

    public double Epsilon { get; }

    public double Momentum { get; }

    public bool IsTensorFlow { get; }

    public double InitialMeanSquare { get; }

    private protected override IEnumerable<Update> Step(StepInput s)
    {
        Value d = s.Decayed;
        State meanSquare = s.State("mean_square", InitialMeanSquare);
        Value square = (Decay * meanSquare) + ((1 - Decay) * (d * d));
        yield return new Update(meanSquare, square);
        Value step = IsTensorFlow ? s.Rate * d / (square + Epsilon).Sqrt() : d / (square.Sqrt() + Epsilon);
        if (Momentum > 0)
        {
            State velocity = s.State("velocity");
            step = (Momentum * velocity) + step;
            yield return new Update(velocity, step);
        }

        yield return new Update(s.Parameter, s.Parameter - (IsTensorFlow ? step : s.Rate * step));
    }
}
