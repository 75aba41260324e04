using Cnn.Graph.Ir;

namespace Cnn.Graph
{
    /// <summary>
    /// Where the learning rate and the momentum enter a step; all forms are alike while the rate is constant, save for scale.
    /// </summary>
    public enum MomentumForm
    {
        /// <summary>v ← momentum·v + d, w ← w − rate·v. A change of the rate acts at once.</summary>
        PyTorch,

        /// <summary>v ← momentum·v − rate·d, w ← w + v, as in AlexNet and Caffe. A change of the rate acts on new gradients only.</summary>
        Classical,

        /// <summary>v ← momentum·v + (1 − momentum)·rate·d, w ← w − v: the step's size does not grow with the momentum.</summary>
        Dampened,

        /// <summary>Nesterov's momentum in the form of PyTorch: v ← momentum·v + d, w ← w − rate·(d + momentum·v).</summary>
        Nesterov,

        /// <summary>Like <see cref="Classical"/> without the decay in it; w ← w − rate·weightDecay·w is done beside (SGDW).</summary>
        Decoupled,
    }
}

namespace Cnn.Graph.Optimizers
{
    internal sealed record Sgd : Optimizer
    {
        public Sgd(double learningRate, double momentum, double weightDecay, MomentumForm form)
            : base(learningRate, weightDecay)
        {
            Momentum = RequireShare(momentum);
            Form = form;
        }

        public double Momentum { get; }

        public MomentumForm Form { get; }

        private protected override IEnumerable<Update> Step(StepInput s)
        {
            Parameter w = s.Parameter;
            Value d = Form == MomentumForm.Decoupled ? s.Gradient : s.Decayed;
            if (Momentum == 0)
            {
                yield return new Update(w, (Form == MomentumForm.Decoupled ? s.Shrunk : w) - (s.Rate * d));
                yield break;
            }

            State velocity = s.State("velocity");
            Value v = Form switch
            {
                MomentumForm.Classical or MomentumForm.Decoupled => (Momentum * velocity) - (s.Rate * d),
                MomentumForm.Dampened => (Momentum * velocity) + ((1 - Momentum) * (s.Rate * d)),
                _ => (Momentum * velocity) + d,
            };
            yield return new Update(velocity, v);
            yield return new Update(w, Form switch
            {
                MomentumForm.Classical => w + v,
                MomentumForm.Decoupled => s.Shrunk + v,
                MomentumForm.Dampened => w - v,
                MomentumForm.Nesterov => w - (s.Rate * (d + (Momentum * v))),
                _ => w - (s.Rate * v),
            });
        }
    }
}
