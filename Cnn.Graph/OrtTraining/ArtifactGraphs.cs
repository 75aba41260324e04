using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Onnx;
using Cnn.Graph.Optimizers;
using Cnn.Graph.Training;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// The two graphs that ONNX Runtime Training runs: loss and gradients, which are summed up in buffers until the optimiser takes them; and
/// loss and outputs as the network is used. What an input is for, the runtime tells by its name.
/// </summary>
internal sealed class ArtifactGraphs
{
    private const int Opset = Model.DefaultOpset;
    private const string GradientSuffix = "_grad", BufferSuffix = ".accumulation.buffer", DoneSuffix = ".accumulation.out";

    private readonly Network _network;
    private readonly TrainingArtifactOptions _options;
    private readonly IReadOnlyDictionary<string, string> _names;
    private readonly LossGraph _graph;
    private readonly IReadOnlyList<ParameterGradient> _gradients;

    /// <exception cref="CnnGraphException">The loss does not fit the network, or ONNX Runtime Training has no such optimiser.</exception>
    public ArtifactGraphs(Network network, TrainingArtifactOptions options)
    {
        (_network, _options, _names) = (network, options, ArtifactNames.Of(network));
        _graph = LossGraph.ForTraining(network, options.Loss, options.Optimizer);
        IReadOnlyList<ParameterGradient> gradients = _graph.Gradients(options.Optimizer);
        Trained = [.. gradients.Select(g => g.Parameter)];
        Frozen = [.. network.Variables.Union(_graph.Gathered.Select(g => g.Variable)).Except(Trained)];
        Rule = OptimizerRule.Of(options.Optimizer, Trained);
        _gradients = Rule.Follow(options.Optimizer, gradients);
    }

    public OptimizerRule Rule { get; }

    /// <summary>The parameters that are trained.</summary>
    public IReadOnlyList<Parameter> Trained { get; }

    /// <summary>The others, and what layers gather.</summary>
    public IReadOnlyList<Variable> Frozen { get; }

    /// <summary>What a variable is called in models and checkpoint.</summary>
    public string NameOf(Variable variable) => _names[variable.Name];

    public OnnxModel Training()
    {
        var reset = new Input(Label.Fixed(ArtifactNames.Reset), new TensorType(ElementType.Bool, new Shape(1)), InputKind.Scalar);
        var results = new List<(string Name, Value Value)>(Results(_graph));
        var buffers = new List<(string Name, Input Value)>();
        foreach ((Parameter parameter, Value gradient) in _gradients)
        {
            string name = NameOf(parameter) + GradientSuffix;
            var buffer = new Input(parameter.Label.Child("gradient_buffer"), parameter.Type, InputKind.Scalar);
            buffers.Add((name + BufferSuffix, buffer));
            results.Add((name + DoneSuffix, Accumulate(parameter, buffer, gradient, reset)));
        }

        // A variable's change is known before it is made, and nothing else reads the variable after that.
        foreach ((Variable variable, Value next) in _graph.Gathered)
        {
            results.Add((NameOf(variable) + DoneSuffix, Accumulate(variable, variable, next - variable)));
        }

        IReadOnlyList<Value> values = PortableDialect.Instance.Lower(WithNoise([.. results.Select(r => r.Value)]), Opset);
        GraphEncoder encoder = Encoder("training");
        buffers.ForEach(b => encoder.SetName(b.Value, b.Name));
        encoder.SetName(reset, ArtifactNames.Reset);
        IEnumerable<Input> fed = [.. _graph.Data, .. _options.IsNoiseFed ? _graph.Noise : []];
        foreach (Value input in (IEnumerable<Value>)[.. fed, .. Trained, .. Frozen, .. buffers.Select(b => b.Value), reset])
        {
            encoder.AddInput(input);
        }

        foreach (((string name, _), Value value) in results.Zip(values))
        {
            if (name.EndsWith(GradientSuffix + DoneSuffix, StringComparison.Ordinal))
            {
                encoder.Propose(value.Producer!.Inputs[1], name[..^DoneSuffix.Length]);
            }

            encoder.AddOutput(name, value);
        }

        return encoder.Finish(new Dictionary<string, string>());
    }

    public OnnxModel Eval()
    {
        LossGraph graph = LossGraph.ForUse(_network, _options.Loss);
        (string Name, Value Value)[] results =
        [
            .. Results(graph), .. graph.Network.Outputs.Select((output, i) => (Model.OutputName(i), output)),
        ];
        IReadOnlyList<Value> values = PortableDialect.Instance.Lower([.. results.Select(r => r.Value)], Opset);
        GraphEncoder encoder = Encoder("evaluation");

        // The runtime feeds by position what it feeds the training model, be it used here or not.
        foreach (Value input in (IEnumerable<Value>)[.. graph.Data, .. Trained, .. Frozen])
        {
            encoder.AddInput(input);
        }

        foreach (((string name, _), Value value) in results.Zip(values))
        {
            encoder.AddOutput(name, value);
        }

        return encoder.Finish(new Dictionary<string, string>());
    }

    public OnnxModel Optimizer() => OptimizerEncoder.Encode(
        $"{_network.Name} optimizer",
        new OnnxForm(Rule.OpType, Rule.Attributes) { Domain = RuntimeDomain.Name },
        Rule.Moments.Count,
        Rule.RateFactor,
        Rule.IsRateInGradients,
        _options.IsRateFixed ? _options.Optimizer.LearningRate : null,
        Opset);

    private static IEnumerable<(string Name, Value Value)> Results(LossGraph graph) =>
        [(TrainModel.LossOutput, graph.Loss), .. graph.Correct is null ? [] : new[] { (TrainModel.CorrectOutput, graph.Correct) }];

    private static Value Accumulate(Variable variable, params IReadOnlyList<Value> inputs) =>
        new Node(new InPlaceAccumulator(), variable.Label.Child("accumulate"), inputs).Output;

    private IReadOnlyList<Value> WithNoise(IReadOnlyList<Value> values)
    {
        var rewriter = new Rewriter((_, _) => null);
        foreach (Input noise in _options.IsNoiseFed ? [] : _graph.Noise)
        {
            rewriter.Replace(noise, DrawnNoise.Of(noise, _graph.Data.First(), _options.Seed));
        }

        return rewriter.Rewrite(values);
    }

    private GraphEncoder Encoder(string purpose)
    {
        var encoder = new GraphEncoder($"{_network.Name} {purpose}", Opset);
        foreach (Variable variable in Trained.Concat(Frozen))
        {
            encoder.SetName(variable, NameOf(variable));
        }

        return encoder;
    }
}
