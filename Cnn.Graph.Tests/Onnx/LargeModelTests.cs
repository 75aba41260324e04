using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Interop;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Runtime;
using Cnn.Graph.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Onnx;

/// <summary>Models with their weights in a file beside them; above 2 GiB protobuf leaves no other way.</summary>
public class LargeModelTests
{
    private const int Units = 13_500;

    /// <summary>Three matrices of 695 MiB: 2.04 GiB.</summary>
    private static Network Large() => Network.Input("x", Units)
        .Dense(Units, bias: false, name: "a").Dense(Units, bias: false, name: "b").Dense(Units, bias: false, name: "c").Dense(2, name: "head").Build("large");

    [Test]
    [Category("Long")]
    public void More_than_2_GiB_come_back_bit_for_bit_and_run()
    {
        using var folder = new TemporaryFolder();
        Model model = Filled(Large());

        model.SaveOnnx(folder["large.onnx"]);

        Assert.That(new FileInfo(folder["large.onnx.data"]).Length, Is.GreaterThan(int.MaxValue));
        Assert.That(new FileInfo(folder["large.onnx"]).Length, Is.LessThan(1 << 20));
        RequireSame(Model.Load(Large(), folder["large.onnx"]), model);
        using var session = new InferenceSession(folder["large.onnx"]);
        using var run = new RunOptions();
        float[] x = new float[Units];
        x[3] = 1;
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(x, [1, Units]);
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["x"], [input], ["output"]);
        // Each matrix but the head's has one number other than zero in each row and column.
        Assert.That(outputs[0].GetTensorDataAsSpan<float>().ToArray(), Is.EqualTo(new[] { 8f, 8f }));
        model.SaveSafeTensors(folder["large.safetensors"]);
        RequireSame(WeightImport.Of(Large(), folder["large.safetensors"]).ToModel(), model);
    }

    [Test]
    public void A_limit_decides_where_the_weights_go()
    {
        using var folder = new TemporaryFolder();
        Model model = Model.Initialize(Cnn.Graph.Architectures.Architecture.Find("vgg16").Build(width: 0.125), 1);

        model.SaveOnnx(folder["vgg16.onnx"], embedLimit: 1 << 20);

        Assert.That(new FileInfo(folder["vgg16.onnx"]).Length, Is.LessThan(1 << 20));
        Assert.That(new FileInfo(folder["vgg16.onnx.data"]).Length, Is.GreaterThan(1 << 20));
        RequireSame(Model.Load(Cnn.Graph.Architectures.Architecture.Find("vgg16").Build(width: 0.125), folder["vgg16.onnx"]), model);
    }

    /// <summary>The folder of the model, and not the one that the program runs in, is where its external data lies.</summary>
    [Test]
    public void External_data_is_found_beside_the_model_when_it_is_run()
    {
        using var folder = new TemporaryFolder();
        Model model = Model.Initialize(Digits.Network(), 1);
        model.SaveOnnx(folder["inside.onnx"]);
        model.SaveOnnx(folder["beside.onnx"], embedLimit: 1);

        EvaluationResult inside = Evaluate("inside.onnx"), beside = Evaluate("beside.onnx");

        Assert.That(beside, Is.EqualTo(inside));
        Assert.That(NodePlacement.Of(OnnxModel.Load(folder["beside.onnx"]), Device.Cpu), Is.Not.Empty);

        EvaluationResult Evaluate(string file)
        {
            using var evaluator = new Evaluator(OnnxModel.Load(folder[file]), Device.Cpu);
            return evaluator.Evaluate(Digits.Of(12), Normalization.Of(Digits.Of(12)));
        }
    }

    /// <summary>A diagonal of twos that begins at another column in each matrix.</summary>
    private static Model Filled(Network network) => new(network, network.Variables.Index().ToDictionary(
        v => v.Item.Name,
        v =>
        {
            long[] dims = v.Item.Shape.Sizes();
            float[] numbers = new float[TensorData.CountOf(dims)];
            if (dims is [Units, Units])
            {
                for (int row = 0; row < Units; row++)
                {
                    numbers[((long)row * Units) + ((row + v.Index) % Units)] = 2;
                }
            }
            else if (dims.Length == 2)
            {
                Array.Fill(numbers, 1);
            }

            return TensorData.Of<float>(numbers, dims);
        }));

    private static void RequireSame(Model actual, Model expected) => Assert.That(
        expected.Weights.Where(w => !w.Value.Bytes.SequenceEqual(actual.Weights[w.Key].Bytes)).Select(w => w.Key), Is.Empty);
}
