using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

public class NetworkFormsTests
{
    /// <summary>y = Σ mask · x²: the gradient 2·mask·x goes through the mask of the forward pass, not through one of its own.</summary>
    [Test]
    public void A_gradient_drops_what_its_layer_dropped()
    {
        Value x = Graph.Network.Input("x", 3);
        Value y = (x * x).Dropout(0.5, name: "drop").Sum();
        Network trained = NetworkBuilder.Build([y, Gradient.Of(y, x)[0]], "net").WithBatch(1).ForTraining().Network;
        Input mask = trained.Inputs.Single(i => i.Kind == InputKind.Noise);
        Assert.That(mask.Name, Is.EqualTo("drop/mask"));
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds(
            [(trained.Inputs[0], Tensors.Of([1, 3], 1, 2, 3)), (mask, Tensors.Of([1, 3], 2, 0, 2))]);
        using var runner = new GraphRunner([trained.Outputs[1]]);
        Assert.That(runner.Run(feeds)[0].Floats(), Is.EqualTo(new float[] { 4, 0, 12 }));
    }

    /// <summary>Inverted, what is kept is divided by 1 − rate in training; in the original form all is multiplied by it in use.</summary>
    [TestCase(DropoutForm.Inverted, 4 / 3f, 1)]
    [TestCase(DropoutForm.Original, 1, 0.75f)]
    public void The_forms_of_dropout_make_up_for_what_is_dropped(DropoutForm form, float kept, float inUse)
    {
        Network network = Graph.Network.Input("x", 2).Dropout(0.25, form).Build("net").WithBatch(1);
        Network trained = network.ForTraining().Network;
        (Value x, Input mask) = (network.Inputs[0], trained.Inputs[1]);
        TensorData numbers = Tensors.Of([1, 2], 4, 8);
        Assert.Multiple(() =>
        {
            Assert.That(mask.Noise, Is.EqualTo(new MaskNoise(0.75f, kept)));
            Assert.That(GraphRunner.Evaluate(network.Outputs[0], (x, numbers)), Is.EqualTo(new[] { 4 * inUse, 8 * inUse }));
            Assert.That(
                GraphRunner.Evaluate(trained.Outputs[0], (trained.Inputs[0], numbers), (mask, Tensors.Of([1, 2], 0, kept))),
                Is.EqualTo(new[] { 0, 8 * kept }));
        });
    }

    [Test]
    public void Spatial_dropout_has_one_number_for_each_channel_of_each_sample()
    {
        Network trained = Graph.Network.Input("x", 2, 1, 3).SpatialDropout(0.5, name: "drop").Build("net").ForTraining().Network;
        Input mask = trained.Inputs[1];
        TensorData numbers = Tensors.Of([1, 2, 1, 3], 1, 2, 3, 4, 5, 6), kept = Tensors.Of([1, 2, 1, 1], 0, 2);
        Assert.Multiple(() =>
        {
            Assert.That($"{mask}", Is.EqualTo("drop/mask: Float[N, 2, 1, 1]"));
            Assert.That(mask.Noise, Is.EqualTo(new MaskNoise(0.5f, 2)));
            Assert.That(
                GraphRunner.Evaluate(trained.Outputs[0], (trained.Inputs[0], numbers), (mask, kept)),
                Is.EqualTo(new float[] { 0, 0, 0, 8, 10, 12 }));
        });
    }

    /// <summary>Binding the batch of the training form keeps what its noise is.</summary>
    [Test]
    public void Noise_stays_noise_when_the_batch_is_bound()
    {
        Network bound = Graph.Network.Input("x", 2).Dropout(0.25).Build("net").ForTraining().Network.WithBatch(3);
        Assert.That(bound.Inputs.Select(i => (i.Kind, i.Noise, $"{i.Shape}")), Is.EqualTo(new (InputKind, Noise?, string)[]
        {
            (InputKind.Data, null, "[3, 2]"), (InputKind.Noise, new MaskNoise(0.75f, 1 / 0.75f), "[3, 2]"),
        }));
    }
}
