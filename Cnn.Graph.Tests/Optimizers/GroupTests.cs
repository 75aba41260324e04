using Cnn.Graph.Ir;
using Cnn.Graph.Optimizers;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Optimizers;

/// <summary>Groups of parameters and bounds on gradients, on two parameters with given gradients.</summary>
public class GroupTests
{
    private static readonly Parameter Weight = new(Label.Fixed("c1/weight"), TensorType.Float(2), Initializer.Constant(1), ParameterRole.Weight);
    private static readonly Parameter Bias = new(Label.Fixed("c1/bias"), TensorType.Float(2), Initializer.Constant(1), ParameterRole.Bias);

    [Test]
    public void Biases_move_at_twice_the_rate_and_without_decay()
    {
        Optimizer optimizer = Optimizer.Sgd(weightDecay: 0.5) with { Groups = new(ParameterGroup.BiasesAsInAlexNet) };
        (float[] weight, float[] bias) = Step(optimizer);
        Assert.That(weight, Is.EqualTo(new[] { 1 - (0.1f * 3.5f), 1 - (0.1f * -3.5f) }).Within(1e-6));
        Assert.That(bias, Is.EqualTo(new[] { 1f, 1 - (0.2f * 12) }).Within(1e-6));
    }

    [TestCase(ParameterRole.Weight, 1)]
    [TestCase(ParameterRole.Bias, 0)]
    [TestCase(ParameterRole.Scale, 0)]
    public void Decay_may_be_for_weights_only(ParameterRole role, double decay)
    {
        var parameter = new Parameter(Label.Fixed("layer/x"), TensorType.Float(2), Initializer.Zero, role);
        ParameterGroup? group = ParameterGroups.DecayOfWeightsOnly.Of(parameter);
        Assert.That(group?.DecayFactor ?? 1, Is.EqualTo(decay));
        Assert.That(group?.RateFactor ?? 1, Is.EqualTo(1));
    }

    [Test]
    public void The_first_group_counts() => Assert.That(
        new ParameterGroups(new ParameterGroup("c1/*") { RateFactor = 3 }, ParameterGroup.BiasesWithoutDecay).Of(Bias)!.RateFactor, Is.EqualTo(3));

    [Test]
    public void Roles_and_patterns_choose()
    {
        var groups = new ParameterGroups(ParameterGroup.BiasesWithoutDecay, ParameterGroup.Frozen("c2/*"));
        Assert.That(groups.Of(Weight), Is.Null);
        Assert.That(groups.Of(Bias), Is.SameAs(ParameterGroup.BiasesWithoutDecay));
    }

    [Test]
    public void A_global_norm_scales_all_gradients_alike()
    {
        // The norm of (3, −4, 0, 12) is 13.
        (float[] weight, float[] bias) = Step(Optimizer.Sgd() with { Clipping = GradientClipping.GlobalNorm(1.3) });
        Assert.That(weight, Is.EqualTo(new[] { 1 - 0.03f, 1 + 0.04f }).Within(1e-6));
        Assert.That(bias, Is.EqualTo(new[] { 1f, 1 - 0.12f }).Within(1e-6));
    }

    [Test]
    public void A_norm_within_bounds_changes_nothing() =>
        Assert.That(Step(Optimizer.Sgd() with { Clipping = GradientClipping.GlobalNorm(13.1) }), Is.EqualTo(Step(Optimizer.Sgd())));

    [Test]
    public void A_norm_for_each_tensor_scales_each()
    {
        (float[] weight, float[] bias) = Step(Optimizer.Sgd() with { Clipping = GradientClipping.TensorNorm(1) });
        Assert.That(weight, Is.EqualTo(new[] { 1 - 0.06f, 1 + 0.08f }).Within(1e-6));
        Assert.That(bias, Is.EqualTo(new[] { 1f, 1 - 0.1f }).Within(1e-6));
    }

    [Test]
    public void Values_are_cut()
    {
        (float[] weight, float[] bias) = Step(Optimizer.Sgd() with { Clipping = GradientClipping.Value(3.5) });
        Assert.That(weight, Is.EqualTo(new[] { 1 - 0.3f, 1 + 0.35f }).Within(1e-6));
        Assert.That(bias, Is.EqualTo(new[] { 1f, 1 - 0.35f }).Within(1e-6));
    }

    [TestCase(0)]
    [TestCase(double.NaN)]
    public void Bounds_out_of_range_are_refused(double threshold) =>
        Assert.That(() => GradientClipping.GlobalNorm(threshold), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Frozen_layers_stay_and_the_others_learn()
    {
        Model start = Model.Initialize(Digits.Network(), seed: 3);
        using var trainer = new Trainer(start, new TrainingOptions
        {
            Optimizer = Optimizer.Sgd(0.05, momentum: 0.9) with { Groups = new(ParameterGroup.Frozen("conv1/*")) }, Epochs = 1, Device = Device.Cpu,
        });
        trainer.Fit(Digits.Of(100));
        Model trained = trainer.Model;
        Assert.Multiple(() =>
        {
            foreach ((string name, TensorData data) in start.Weights)
            {
                Assert.That(trained.Weights[name].Bytes.SequenceEqual(data.Bytes), Is.EqualTo(name.StartsWith("conv1/", StringComparison.Ordinal)), name);
            }
        });
    }

    [Test]
    public void A_network_without_anything_to_train_is_refused() => Assert.That(
        () => new Trainer(Digits.Network(), new TrainingOptions { Optimizer = Optimizer.Sgd() with { Groups = new(ParameterGroup.Frozen("*")) } }),
        Throws.InstanceOf<CnnGraphException>().With.Message.Contains("every parameter is frozen"));

    [Test]
    public void A_pattern_that_names_nothing_is_refused() => Assert.That(
        () => new Trainer(Digits.Network(), new TrainingOptions { Optimizer = Optimizer.Sgd() with { Groups = new(ParameterGroup.Frozen("conv1/wieght")) } }),
        Throws.InstanceOf<CnnGraphException>().With.Message.Contains("Did you mean 'conv1/weight'?"));

    /// <summary>Both parameters after a step at rate 0.1 with the gradients (3, −4) and (0, 12).</summary>
    private static (float[] Weight, float[] Bias) Step(Optimizer optimizer)
    {
        var first = new Input(Label.Fixed("first"), TensorType.Float(2));
        var second = new Input(Label.Fixed("second"), TensorType.Float(2));
        var rate = new Input(Label.Fixed("rate"), TensorType.Float(), InputKind.Scalar);
        Update[] updates = [.. optimizer.Updates([new ParameterGradient(Weight, first), new ParameterGradient(Bias, second)], rate)];
        Dictionary<Value, TensorData> values = GraphRunner.Feeds(updates.Select(u => ((Value)u.Variable, u.Variable.Initializer.Draw(u.Variable, 0))));
        values[first] = TensorData.Vector(3f, -4f);
        values[second] = TensorData.Vector(0f, 12f);
        values[rate] = TensorData.Scalar(0.1f);
        using var runner = new GraphRunner([.. updates.Select(u => u.Next)]);
        IReadOnlyList<TensorData> next = runner.Run(values);
        return (next[0].Span<float>().ToArray(), next[1].Span<float>().ToArray());
    }
}
